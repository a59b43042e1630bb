import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { ActionName, Facts, SubjectType } from '../audit-record/index.js';
import { SELECT_RECORDS } from './audit-log.sql.js';

/** What somebody did. */
export interface AuditRecord {
  /** Grows with time. */
  readonly id: string;
  readonly at: Date;
  /** The role that was logged in to the database. */
  readonly login: string;
  readonly actor: string;
  readonly action: ActionName;
  readonly subjectType: SubjectType;
  readonly subjectId: string | null;
  readonly queue: string | null;
  readonly before: Facts | null;
  readonly after: Facts | null;
  readonly requestId: string | null;
}

/** Which records are wanted; what is not said may be anything. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly queue?: string | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

/** Reads the audit log. */
@Injectable()
export class AuditLogQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** The newest first. @param before the id that the page before ended with */
  list(filter: AuditFilter, before: string | null, limit: number): Promise<AuditRecord[]> {
    const { actor, action, subjectType, subjectId, queue, from, to } = filter;
    const values = [actor, action, subjectType, subjectId, queue, from, to].map((value) => value ?? null);
    return this.source.query<AuditRecord[]>(SELECT_RECORDS, [limit, before, ...values]);
  }
}
