import { Injectable } from '@nestjs/common';
import { portions } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import type { JobStatus } from '../job-status.js';
import { type WebhookEvent, type WebhookEventType, eventIdOf } from './webhook-event.js';
import { WebhookEvents } from './webhook-events.js';
import { SELECT_HEARD_ENDS } from './webhook-events.sql.js';

/** A job that has ended. */
type Ended = Pick<Job, 'id'> & {
  /** False = it is known that nobody wants to hear of it. */
  readonly isHeard?: boolean;
};

/** The job as it is told, with what is not told. */
interface HeardEnd {
  readonly job_id: string;
  readonly type: string;
  readonly queue_name: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly finished_at: Date;
  readonly callbackUrl: string | null;
  readonly traceParent: string | null;
}

const EVENT_OF: Partial<Record<JobStatus, WebhookEventType>> = {
  COMPLETED: 'job.completed',
  FAILED: 'job.failed',
  CANCELLED: 'job.cancelled',
};

/** Every end of a job is told to whoever wants to hear of it, once, in the transaction that ends it. */
@Injectable()
export class JobEnds {
  constructor(private readonly events: WebhookEvents) {}

  /** @returns the jobs that tell of these ends; whoever is `ticketed` is owed a ticket */
  async of(session: Session, ended: readonly Ended[]): Promise<Job[]> {
    const heard = ended.filter((job) => job.isHeard !== false).map((job) => job.id);
    const told: Job[] = [];
    for (const portion of portions(heard)) {
      const { rows } = await session.query<HeardEnd>(SELECT_HEARD_ENDS, [portion]);
      told.push(...(await this.events.publish(session, rows.flatMap(eventOf))));
    }
    return told;
  }
}

function eventOf({ callbackUrl, traceParent, ...data }: HeardEnd): WebhookEvent[] {
  const type = EVENT_OF[data.status];
  if (!type) return [];
  const { job_id: subject, finished_at: at, queue_name: queue, type: jobType } = data;
  return [{ id: idOf(data), type, at, subject, data, callbackUrl, traceParent, queue, jobType }];
}

/** The same for the same end of a job; another one when it is retried by hand and ends again. */
function idOf({
  job_id,
  status,
  attempts,
  finished_at,
}: Omit<HeardEnd, 'callbackUrl' | 'traceParent'>): string {
  return eventIdOf(job_id, status, attempts, finished_at.getTime());
}
