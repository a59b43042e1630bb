import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { type WebhookEvent, type WebhookEventType, eventIdOf } from '../settle/webhook-event.js';
import { WebhookEvents } from '../settle/webhook-events.js';
import { SELECT_ENDED_WORKFLOWS } from './reading.sql.js';
import type { WorkflowStatus } from './workflow.js';

/** A workflow that has ended. */
interface Ended {
  readonly id: string;
  /** False = it is known that nobody wants to hear of it. */
  readonly isHeard: boolean;
}

/** The workflow as it is told, with what is not told. */
interface HeardEnd {
  readonly workflow_id: string;
  readonly status: Exclude<WorkflowStatus, 'RUNNING'>;
  readonly finished_at: Date;
  readonly callbackUrl: string | null;
  readonly traceParent: string | null;
  /** How often it has ended so far. */
  readonly ends: number;
}

const EVENT_OF: Readonly<Record<HeardEnd['status'], WebhookEventType>> = {
  COMPLETED: 'workflow.completed',
  FAILED: 'workflow.failed',
  CANCELLED: 'workflow.cancelled',
};

/** Every end of a workflow is told to whoever wants to hear of it, once, in the transaction that ends its last job. */
@Injectable()
export class WorkflowEnds {
  constructor(private readonly events: WebhookEvents) {}

  /**
   * Only inserts, since the rows of the workflows, the last that anybody locks, are locked by now.
   * @returns the jobs that tell of these ends; whoever is `ticketed` is owed a ticket
   */
  async of(session: Session, ended: readonly Ended[]): Promise<Job[]> {
    const heard = ended.filter(({ isHeard }) => isHeard).map(({ id }) => id);
    if (heard.length === 0) return [];
    const { rows } = await session.query<HeardEnd>(SELECT_ENDED_WORKFLOWS, [heard]);
    return this.events.publish(session, rows.map(eventOf));
  }
}

/**
 * The same id for the same end of a workflow; another one when a job of it runs again and it ends again. With its time,
 * since an id may come again when the workflow that had it is forgotten.
 */
function eventOf({ callbackUrl, traceParent, ends, ...data }: HeardEnd): WebhookEvent {
  const { workflow_id: subject, finished_at: at, status } = data;
  const id = eventIdOf('workflow', subject, ends, at.getTime());
  const type = EVENT_OF[status];
  return { id, type, at, subject, data, callbackUrl, traceParent, queue: null, jobType: null };
}
