import { Module } from '@nestjs/common';
import { AuditLogController } from './audit-log.controller.js';
import { AuditLogQuery } from './audit-log.query.js';

/** Tells over HTTP who did what. */
@Module({ controllers: [AuditLogController], providers: [AuditLogQuery] })
export class AuditLogModule {}
