import { Global, Module } from '@nestjs/common';
import { loadConfig } from './config.js';

/** The injection token of the validated settings. */
export const CONFIG = Symbol('CONFIG');

/** Gives every module the settings, read once per process. */
@Global()
@Module({
  providers: [{ provide: CONFIG, useFactory: () => loadConfig() }],
  exports: [CONFIG],
})
export class ConfigModule {}
