import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokens } from './access-tokens.js';
import { AuthGuard } from './auth.guard.js';
import { RequestLimitsModule } from '../request-limits/index.js';
import { Authenticator } from './authenticator.js';
import { Entrance } from './entrance.js';
import { ApiKeys } from './keys/api-keys.js';
import { KeyDigests } from './keys/key-digests.js';
import { KeyUsage } from './keys/key-usage.js';
import { KeysController } from './keys/keys.controller.js';
import { KnownKeys } from './keys/known-keys.js';

/** Who may call the API: keys, and the guard that every request passes. */
@Module({
  imports: [RequestLimitsModule],
  controllers: [KeysController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    AccessTokens,
    Authenticator,
    Entrance,
    ApiKeys,
    KeyDigests,
    KeyUsage,
    KnownKeys,
  ],
  exports: [ApiKeys, Entrance],
})
export class AuthModule {}
