import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { QueueModule } from '../queue/index.js';
import { HandlerRegistry } from './handler-registry.js';
import { JobMiddlewares } from './job-middlewares.js';

/** Knows the handlers of this build, and what runs around them. Part of the API too, which accepts only job types that exist. */
@Module({
  imports: [DiscoveryModule, QueueModule],
  providers: [HandlerRegistry, JobMiddlewares],
  exports: [HandlerRegistry, JobMiddlewares],
})
export class HandlersModule {}
