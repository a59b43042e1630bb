import { ACTION_NAMES, type ActionName, SUBJECT_TYPES, type SubjectType } from '../audit-record/index.js';
import {
  Choice,
  JsonObjectField,
  ListOf,
  Moment,
  NextCursor,
  PageCursor,
  PageSize,
  Text,
} from '../common/http/index.js';
import type { AuditRecord } from './audit-log.query.js';

/** Which records to list, and where to go on. */
export class ListAuditRecordsRequest {
  @Text({
    description:
      'Only what this actor did: `key:` and the id of an API key, `anonymous`, `command line` or `service`.',
    minLength: 1,
    maxLength: 300,
    optional: true,
    example: 'key:01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  actor?: string;

  @Choice({
    description: 'Only this.',
    choices: ACTION_NAMES,
    optional: true,
    example: 'queue.pause',
  })
  action?: ActionName;

  @Choice({
    description: 'Only what was done to things of this kind.',
    choices: SUBJECT_TYPES,
    optional: true,
    example: 'queue',
  })
  subject_type?: SubjectType;

  @Text({
    description: 'Only what was done to the thing of this id or name.',
    minLength: 1,
    maxLength: 300,
    optional: true,
    example: 'default',
  })
  subject_id?: string;

  @Text({
    description: 'Only what was about this queue.',
    minLength: 1,
    maxLength: 63,
    optional: true,
    example: 'default',
  })
  queue?: string;

  @Moment({
    description: 'Only what was done at this time or later.',
    optional: true,
    example: '2026-02-01T00:00:00Z',
  })
  from?: string;

  @Moment({
    description: 'Only what was done before this time.',
    optional: true,
    example: '2030-01-01T00:00:00Z',
  })
  to?: string;

  @PageSize()
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** What somebody did. */
export class AuditRecordResponse {
  @Text({ description: 'Its number; it grows with time.', maxLength: 19, example: '4711' })
  id: string;

  @Text({
    description: 'When, by the clock of the database.',
    maxLength: 30,
    format: 'date-time',
    example: '2026-02-01T14:30:00.000Z',
  })
  at: string;

  @Text({
    description:
      'Who: `key:` and the id of an API key, `anonymous` where everybody may call, `command line`, or `service` for what nobody asked for.',
    maxLength: 300,
    example: 'key:01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  actor: string;

  @Text({ description: 'What was done.', maxLength: 100, example: 'queue.pause' })
  action: string;

  @Text({ description: 'The kind of thing it was done to.', maxLength: 100, example: 'queue' })
  subject_type: string;

  @Text({
    description: 'The id or the name of that thing; null = of no single one.',
    maxLength: 300,
    nullable: true,
    example: 'default',
  })
  subject_id: string | null;

  @Text({
    description: 'The queue it is about, if it is about one.',
    maxLength: 63,
    nullable: true,
    example: 'default',
  })
  queue: string | null;

  @JsonObjectField({
    description: 'What changed, as it was. Of payloads and secrets only that they changed.',
    nullable: true,
    example: { is_paused: false },
  })
  before: object | null;

  @JsonObjectField({
    description: 'What changed, as it was afterwards, or what was asked for.',
    nullable: true,
    example: { is_paused: true },
  })
  after: object | null;

  @Text({
    description: 'The request in which it was asked for, as in its answer and in the log; null = none.',
    maxLength: 200,
    nullable: true,
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a56',
  })
  request_id: string | null;

  @Text({
    description: 'The role that was logged in to the database: the word of the database itself.',
    maxLength: 63,
    example: 'roundhouse_api',
  })
  login: string;
}

/** A page of the audit log. */
export class AuditRecordListResponse {
  @ListOf({ description: 'The newest first.', of: AuditRecordResponse })
  records: AuditRecordResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** As told over HTTP. */
export function toAuditRecordResponse(record: AuditRecord): AuditRecordResponse {
  const { id, at, actor, action, subjectType, subjectId, queue, before, after, requestId, login } = record;
  return {
    ...{ id, at: at.toISOString(), actor, action, subject_type: subjectType, subject_id: subjectId },
    ...{ queue, before, after, request_id: requestId, login },
  };
}
