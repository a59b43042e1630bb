import { Module } from '@nestjs/common';
import { QueueModule } from '../../queue/index.js';
import { HandlerCallsModule } from '../handler-calls.module.js';
import { AttemptHost } from './attempt-host.js';

/** A process that runs attempts for the worker that started it: it claims nothing and settles nothing. */
@Module({ imports: [QueueModule, HandlerCallsModule], providers: [AttemptHost] })
export class AttemptHostModule {}
