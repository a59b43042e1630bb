import { Injectable } from '@nestjs/common';
import { IdGenerator } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import { SELECT_DEAD_LETTERS, SELECT_DEAD_LETTER_QUEUES } from './dead-letters.sql.js';
import { JobTypes } from '../job-types.js';
import type { Job } from '../job.entity.js';
import { JobStore } from '../enqueue/job-store.js';
import { resolveJob } from '../enqueue/new-job.js';
import { DEAD_LETTER_TYPE } from './dead-letter-type.js';
import { DELIVERY_TYPE } from './webhook-event.js';

/** A build without a handler of its own still writes letters, for workers of other builds. */
const TYPE_WITHOUT_HANDLER = { type: DEAD_LETTER_TYPE, queue: 'default', maxAttempts: 3 };

type FailedJob = Pick<Job, 'id' | 'queue' | 'type'>;

/** What its letter takes of it. */
type LetterPart = Pick<Job, 'payload' | 'traceParent'>;

/** Queues may name another queue that is told, by a job, of each job that fails for good. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly store: JobStore,
    private readonly types: JobTypes,
    private readonly ids: IdGenerator,
  ) {}

  /** Stores the letters of failed jobs, in the transaction that ends them. Neither a letter that fails has one, nor the delivery of an event. */
  async of(session: Session, failed: readonly FailedJob[]): Promise<Job[]> {
    const jobs = failed.filter(({ type }) => type !== DEAD_LETTER_TYPE && type !== DELIVERY_TYPE);
    if (jobs.length === 0) return [];
    const queues = await this.queuesFor(session, jobs);
    const told = jobs.filter((job) => queues.has(job.queue));
    if (told.length === 0) return [];
    const { rows } = await session.query<FailedJob & LetterPart>(SELECT_DEAD_LETTERS, [
      told.map((job) => job.id),
    ]);
    const letters = rows.map((row) => this.letter(row, queues.get(row.queue) ?? row.queue));
    return this.store.insert(session, letters);
  }

  private async queuesFor(session: Session, jobs: readonly FailedJob[]): Promise<Map<string, string>> {
    const names = [...new Set(jobs.map((job) => job.queue))];
    const { rows } = await session.query<{ name: string; deadLetterQueue: string }>(
      SELECT_DEAD_LETTER_QUEUES,
      [names],
    );
    return new Map(rows.map((row) => [row.name, row.deadLetterQueue]));
  }

  private letter({ payload, traceParent }: LetterPart, queue: string) {
    const type = this.types.find(DEAD_LETTER_TYPE) ?? TYPE_WITHOUT_HANDLER;
    return resolveJob({ type: DEAD_LETTER_TYPE, payload, queue, traceParent }, type, () => this.ids.next());
  }
}
