import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { DomainError, firstIdAt, invalid, isUuid } from '../common/index.js';
import { parseMoment } from '../common/http/index.js';
import { Job, parseJobStatus } from '../queue/index.js';
import type { JobProgress } from './job.response.js';
import type { ListJobsRequest } from './list-jobs.dto.js';

const DEFAULT_LIMIT = 50;

/** Ids carry the time at which they were made, which lies a little before the time of acceptance. */
const ID_SLACK_MS = 60_000;

/** What the latest attempts of jobs ($1) said last of how far they have come. */
const SELECT_PROGRESS = `
  SELECT job_id AS "jobId", attempt, percent, message, at FROM job_progress WHERE job_id = ANY($1)`;

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

  /** How far jobs have come, by their id; without those whose latest attempt has said nothing. */
  async progressOf(jobs: readonly Job[]): Promise<Map<string, JobProgress>> {
    const attempts = new Map(jobs.filter((job) => job.attempts > 0).map((job) => [job.id, job.attempts]));
    if (attempts.size === 0) return new Map();
    const rows = await this.jobs.query<JobProgress[]>(SELECT_PROGRESS, [[...attempts.keys()]]);
    return new Map(
      rows.filter((row) => attempts.get(row.jobId) === row.attempt).map((row) => [row.jobId, row]),
    );
  }

  /** A page of jobs, the newest first, and the cursor of the next page. */
  async list(request: ListJobsRequest): Promise<{ jobs: Job[]; nextCursor: string | null }> {
    const limit = request.limit ?? DEFAULT_LIMIT;
    const query = this.jobs.createQueryBuilder('job').limit(limit + 1);
    const [indexed, ...others] = columnsAsked(request);
    goOn(query, indexed, request.cursor);
    for (const [column, value] of others) query.andWhere(`job.${column} = :${column}`, { [column]: value });
    filter(query, request);
    const jobs = await query.addOrderBy('job.id', 'DESC').getMany();
    const page = jobs.slice(0, limit);
    const last = jobs.length > limit ? page.at(-1) : undefined;
    return { jobs: page, nextCursor: last ? encodeCursor(last.id) : null };
  }
}

/** The columns asked for that have an index which goes on with the id. */
function columnsAsked({
  status,
  type,
  queue,
}: ListJobsRequest): (readonly [column: string, value: string])[] {
  const asked = [
    ['status', status && parseJobStatus(status)],
    ['type', type],
    ['queue', queue],
  ] as const;
  return asked.flatMap(([column, value]) => (value ? [[column, value] as const] : []));
}

/**
 * Puts the list in order, from the cursor on. A range instead of `=` and the column in the order leave the planner
 * no way but that column's index; with `=` it walks along the ids, past a million others when the jobs asked for
 * are all old.
 */
function goOn(
  query: SelectQueryBuilder<Job>,
  indexed?: readonly [column: string, value: string],
  cursor?: string,
): void {
  const last = cursor && decodeCursor(cursor);
  if (indexed) {
    const [column, value] = indexed;
    query.andWhere(`job.${column} >= :value AND job.${column} <= :value`, { value });
    if (last) query.andWhere(`(job.${column}, job.id) < (:value, :last)`, { last });
    query.orderBy(`job.${column}`, 'DESC');
  } else if (last) query.andWhere('job.id < :last', { last });
}

function filter(query: SelectQueryBuilder<Job>, request: ListJobsRequest): void {
  const { tag } = request;
  const after = request.created_after && parseMoment(request.created_after);
  const before = request.created_before && parseMoment(request.created_before);
  if (tag) query.andWhere(':tag = ANY(job.tags)', { tag });
  if (after) {
    query.andWhere('job.createdAt >= :after', { after });
    query.andWhere('job.id >= :firstId', { firstId: firstIdAt(new Date(after.getTime() - ID_SLACK_MS)) });
  }
  if (before) {
    query.andWhere('job.createdAt < :before', { before });
    query.andWhere('job.id < :lastId', { lastId: firstIdAt(new Date(before.getTime() + ID_SLACK_MS)) });
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
