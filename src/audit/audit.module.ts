import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { WorkerModule } from '../worker/index.js';
import { StandingAudit } from './standing-audit.js';

/** Audits what happens, while workers work. */
@Module({ imports: [QueueModule, WorkerModule], providers: [StandingAudit], exports: [StandingAudit] })
export class AuditModule {}
