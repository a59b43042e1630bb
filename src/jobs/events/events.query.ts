import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import type { Job, JobError } from '../../queue/index.js';
import { type EventResponse, MOST_EVENTS } from './event.response.js';
import { SELECT_EVENTS } from './events.sql.js';

/** An event as the ledger has it: from columns, or out of JSON. */
export interface EventRow {
  readonly id: string | number;
  readonly event: string;
  readonly attempt: number;
  readonly at: Date | string;
  readonly worker_id: string | null;
  readonly error: JobError | null;
  readonly actor: string | null;
}

/** The submission is no row of the ledger and comes before all that are. */
const SUBMITTED_ID = 0;

/** Reads what happened to a job. */
@Injectable()
export class EventsQuery {
  constructor(private readonly postgres: Postgres) {}

  /**
   * The events after the one with the id `after`, or all.
   * @returns `nextAfter` is null when there are no more so far
   */
  async ofJob(
    job: Job,
    { after, limit = MOST_EVENTS }: { after?: number; limit?: number },
  ): Promise<{ events: EventResponse[]; nextAfter: number | null }> {
    const from = after ?? SUBMITTED_ID;
    const { rows } = await this.postgres.query<EventRow>(SELECT_EVENTS, [job.id, from, limit + 1]);
    const all = rows.map(toEventResponse);
    if (after === undefined) all.unshift(submitted(job));
    const events = all.slice(0, limit);
    return { events, nextAfter: all.length > limit ? (events.at(-1)?.id ?? null) : null };
  }
}

/** The first event of every job. */
export function submitted({ createdAt, createdBy }: Pick<Job, 'createdAt' | 'createdBy'>): EventResponse {
  return {
    id: SUBMITTED_ID,
    event: 'submitted',
    attempt: 0,
    at: createdAt.toISOString(),
    worker_id: null,
    error: null,
    actor: createdBy,
  };
}

/** The event as it leaves. */
export function toEventResponse(row: EventRow): EventResponse {
  const { id, event, attempt, at, worker_id, error, actor } = row;
  return { id: Number(id), event, attempt, at: new Date(at).toISOString(), worker_id, error, actor };
}
