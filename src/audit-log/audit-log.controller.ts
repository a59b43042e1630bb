import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { invalid } from '../common/index.js';
import { Answers, parseMoment } from '../common/http/index.js';
import { AuditRecordListResponse, ListAuditRecordsRequest, toAuditRecordResponse } from './audit-log.dto.js';
import { AuditLogQuery } from './audit-log.query.js';

const DEFAULT_LIMIT = 50;

/** Who did what. */
@ApiTags('Audit log')
@Controller('admin/audit')
export class AuditLogController {
  constructor(private readonly records: AuditLogQuery) {}

  @Get()
  @Requires('admin')
  @ApiOperation({
    operationId: 'listAuditRecords',
    summary: 'List who did what, the newest first',
    description:
      'Every change that somebody makes to jobs, queues, schedules and the like is recorded in the same transaction, and never changed. Submitting a job is not one: the job says itself who submitted it.',
  })
  @Answers({ status: 200, type: AuditRecordListResponse, description: 'A page of records.' })
  async list(@Query() request: ListAuditRecordsRequest): Promise<AuditRecordListResponse> {
    const { actor, action, queue, from, to, cursor, limit = DEFAULT_LIMIT } = request;
    const filter = {
      ...{ actor, action, queue, subjectType: request.subject_type, subjectId: request.subject_id },
      ...{ from: momentOf(from), to: momentOf(to) },
    };
    const found = await this.records.list(filter, idIn(cursor), limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { records: page.map(toAuditRecordResponse), next_cursor: last?.id ?? null };
  }
}

function momentOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : parseMoment(text);
}

function idIn(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (/^[1-9]\d{0,17}$/.test(cursor)) return cursor;
  const detail = 'This cursor is not one that GET /admin/audit gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
