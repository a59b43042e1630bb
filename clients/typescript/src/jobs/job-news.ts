import type { JobEvent, JobProgress, JobStatus, LogLine } from '../wire.js';
import type { StreamMessage } from './event-stream.js';

/** What happens to a job, in the order in which it happens; `kind` tells what it is. */
export type JobNews =
  | ({ readonly kind: 'event' } & Resumable & JobEvent)
  | ({ readonly kind: 'log' } & Resumable & LogLine)
  | ({ readonly kind: 'progress' } & Resumable & JobProgress & { attempt: number; at: string })
  | ({ readonly kind: 'end' } & Resumable & { job_id: string; status: JobStatus | null });

interface Resumable {
  /** What `after` takes to go on behind this. */
  readonly cursor: string;
}

/** @throws SyntaxError for what is not JSON */
export function newsIn({ event, data, lastEventId }: StreamMessage): JobNews {
  const kind = event === 'log' || event === 'progress' || event === 'end' ? event : 'event';
  return { kind, cursor: lastEventId, ...(JSON.parse(data) as object) } as JobNews;
}
