import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokens } from './access-tokens.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { ApiKeys } from './keys/api-keys.js';
import { KeyDigests } from './keys/key-digests.js';
import { KeyUsage } from './keys/key-usage.js';
import { KeysController } from './keys/keys.controller.js';
import { KnownKeys } from './keys/known-keys.js';

/** Who may call the API: keys, and the guard that every request passes. */
@Module({
  controllers: [KeysController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    AccessTokens,
    Authenticator,
    ApiKeys,
    KeyDigests,
    KeyUsage,
    KnownKeys,
  ],
  exports: [ApiKeys],
})
export class AuthModule {}
