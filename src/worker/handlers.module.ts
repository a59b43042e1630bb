import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { QueueModule } from '../queue/index.js';
import { HandlerRegistry } from './handler-registry.js';

/** Knows the handlers of this build. Part of the API too, which accepts only job types that exist. */
@Module({
  imports: [DiscoveryModule, QueueModule],
  providers: [HandlerRegistry],
  exports: [HandlerRegistry],
})
export class HandlersModule {}
