import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { DomainError, firstIdAt, invalid, isUuid } from '../common/index.js';
import { Job, parseJobStatus } from '../queue/index.js';
import type { ListJobsRequest } from './list-jobs.dto.js';
import { parseMoment } from './moment.js';

const DEFAULT_LIMIT = 50;

/** Ids carry the time at which they were made, which lies a little before the time of acceptance. */
const ID_SLACK_MS = 60_000;

/** Reads jobs. */
@Injectable()
export class JobsQuery {
  constructor(@InjectRepository(Job) private readonly jobs: Repository<Job>) {}

  /** @throws DomainError job_not_found, also when the id cannot be one */
  async get(id: string): Promise<Job> {
    const job = isUuid(id) ? await this.jobs.findOneBy({ id }) : null;
    if (!job) throw new DomainError('job_not_found', `There is no job "${id}"`);
    return job;
  }

  /** A page of jobs, the newest first, and the cursor of the next page. */
  async list(request: ListJobsRequest): Promise<{ jobs: Job[]; nextCursor: string | null }> {
    const limit = request.limit ?? DEFAULT_LIMIT;
    const jobs = await this.filtered(request)
      .orderBy('job.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    const page = jobs.slice(0, limit);
    const last = jobs.length > limit ? page.at(-1) : undefined;
    return { jobs: page, nextCursor: last ? encodeCursor(last.id) : null };
  }

  private filtered(request: ListJobsRequest) {
    const { status, type, queue, tag, cursor } = request;
    const after = request.created_after && parseMoment(request.created_after);
    const before = request.created_before && parseMoment(request.created_before);
    const query = this.jobs.createQueryBuilder('job');
    if (status) query.andWhere('job.status = :status', { status: parseJobStatus(status) });
    if (type) query.andWhere('job.type = :type', { type });
    if (queue) query.andWhere('job.queue = :queue', { queue });
    if (tag) query.andWhere(':tag = ANY(job.tags)', { tag });
    if (after) {
      query.andWhere('job.createdAt >= :after', { after });
      query.andWhere('job.id >= :firstId', { firstId: firstIdAt(new Date(after.getTime() - ID_SLACK_MS)) });
    }
    if (before) {
      query.andWhere('job.createdAt < :before', { before });
      query.andWhere('job.id < :lastId', { lastId: firstIdAt(new Date(before.getTime() + ID_SLACK_MS)) });
    }
    if (cursor) query.andWhere('job.id < :last', { last: decodeCursor(cursor) });
    return query;
  }
}

function encodeCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function decodeCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (isUuid(id)) return id;
  const detail = 'This cursor is not one that GET /jobs gave out: start without a cursor';
  throw invalid('invalid_cursor', [{ pointer: '/cursor', detail, code: 'invalid_cursor' }]);
}
