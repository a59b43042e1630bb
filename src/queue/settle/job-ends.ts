import { Injectable } from '@nestjs/common';
import { portions, storableText } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import type { JobStatus } from '../job-status.js';
import { JobTypes } from '../job-types.js';
import { inLetter, resultWithout, shownKey } from '../redaction/shown.js';
import { DEAD_LETTER_TYPE } from './dead-letter-type.js';
import { type WebhookEvent, type WebhookEventType, eventIdOf } from './webhook-event.js';
import { WebhookEvents } from './webhook-events.js';
import { LARGEST_RESULT_BYTES, SELECT_HEARD_ENDS } from './webhook-events.sql.js';

/** A job that has ended. */
type Ended = Pick<Job, 'id'> & {
  /** False = it is known that nobody wants to hear of it. */
  readonly isHeard?: boolean;
};

/** The job as it is told. */
interface ToldEnd {
  readonly job_id: string;
  readonly type: string;
  readonly queue_name: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly finished_at: Date;
  readonly result: unknown;
  readonly unique_key: string | null;
}

/** The same with what is not told. */
interface HeardEnd extends ToldEnd {
  readonly callbackUrl: string | null;
  readonly traceParent: string | null;
  /** Of which type it is, or the job that it tells of. */
  readonly toldType: string;
  /** What that type keeps back, where it was declared. */
  readonly pointers: readonly string[] | null;
}

/** Of a result that is too long, so much is told. */
const PREVIEW_CHARACTERS = 1_000;

const EVENT_OF: Partial<Record<JobStatus, WebhookEventType>> = {
  COMPLETED: 'job.completed',
  FAILED: 'job.failed',
  CANCELLED: 'job.cancelled',
};

/** Every end of a job is told to whoever wants to hear of it, once, in the transaction that ends it. */
@Injectable()
export class JobEnds {
  constructor(
    private readonly events: WebhookEvents,
    private readonly types: JobTypes,
  ) {}

  /** @returns the jobs that tell of these ends; whoever is `ticketed` is owed a ticket */
  async of(session: Session, ended: readonly Ended[]): Promise<Job[]> {
    const heard = ended.filter((job) => job.isHeard !== false).map((job) => job.id);
    if (heard.length === 0) return [];
    const told: Job[] = [];
    const veiled = this.types.all().flatMap(({ type, redact }) => (redact ? [type] : []));
    for (const portion of portions(heard)) {
      const { rows } = await session.query<HeardEnd>(SELECT_HEARD_ENDS, [portion, veiled]);
      const events = rows.flatMap((row) => eventOf(row, this.pointersFor(row)));
      told.push(...(await this.events.publish(session, events)));
    }
    return told;
  }

  private pointersFor({ type, toldType, pointers }: HeardEnd): readonly string[] {
    const known = this.types.find(toldType);
    const told = (known ? known.redact : pointers) ?? [];
    if (type !== DEAD_LETTER_TYPE || toldType === type) return told;
    return [...(this.types.find(type)?.redact ?? []), ...told.map(inLetter)];
  }
}

function eventOf(
  { callbackUrl, traceParent, toldType: _, pointers: __, ...end }: HeardEnd,
  pointers: readonly string[],
): WebhookEvent[] {
  const type = EVENT_OF[end.status];
  if (!type) return [];
  const data = pointers.length === 0 ? end : withoutRedacted(end, pointers);
  const { job_id: subject, finished_at: at, queue_name: queue, type: jobType } = data;
  return [{ id: idOf(data), type, at, subject, data, callbackUrl, traceParent, queue, jobType }];
}

/** The same for the same end of a job; another one when it is retried by hand and ends again. */
function idOf({ job_id, status, attempts, finished_at }: ToldEnd): string {
  return eventIdOf(job_id, status, attempts, finished_at.getTime());
}

/** What is told of an end whose type keeps something back. */
function withoutRedacted(end: ToldEnd, pointers: readonly string[]): ToldEnd {
  const { result, unique_key: key } = end;
  return { ...end, result: shortened(resultWithout(result, pointers)), unique_key: shownKey(key) };
}

/** The beginning is that of what may be told. */
function shortened(result: unknown): unknown {
  const text = JSON.stringify(result);
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_RESULT_BYTES) return result;
  return { truncated: true, bytes, preview: storableText(text.slice(0, PREVIEW_CHARACTERS)) };
}
