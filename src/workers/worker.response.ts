import { Choice, Integer, ListOf, NextCursor, Text, TextList, Truth } from '../common/http/index.js';
import { WORKER_STATES, type Worker, type WorkerState } from './workers.query.js';

const LARGEST_NUMBER = 2_147_483_647;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** One start of a worker process. */
export class WorkerResponse {
  @Text({
    description: 'A new one at every start.',
    maxLength: 36,
    format: 'uuid',
    example: '5b0c1b1e-9b2f-4c0e-8f0c-2b6f3c1d9a55',
  })
  id: string;

  @Truth({
    description: 'Whether it takes its jobs over HTTP (`POST /leases`), in whatever language.',
    example: false,
  })
  is_external: boolean;

  @Text({
    description: 'The machine it runs on; of an external one its `worker_id`.',
    maxLength: 300,
    example: 'worker-1',
  })
  hostname: string;

  @Integer({
    description: 'Its process on that machine; null when it is external.',
    min: 1,
    max: LARGEST_NUMBER,
    nullable: true,
    example: 4711,
  })
  pid: number | null;

  @Text({
    description: 'The build it runs; of an external one its User-Agent.',
    maxLength: 100,
    example: '1.0.0',
  })
  version: string;

  @TextList({
    description: 'The queues it serves; `*` = every other.',
    maxItems: 1000,
    maxLength: 63,
    example: ['*'],
  })
  queues: string[];

  @Integer({
    description: 'Jobs it can run, or last asked for, at a time.',
    min: 0,
    max: LARGEST_NUMBER,
    example: 10,
  })
  slots: number;

  @Integer({
    description: 'Jobs it ran when it was last seen.',
    min: 0,
    max: LARGEST_NUMBER,
    example: 1,
  })
  busy: number;

  @Integer({
    description: 'Handlers that ignored their signal and may still be at work, when it was last seen.',
    min: 0,
    max: LARGEST_NUMBER,
    example: 0,
  })
  stuck: number;

  @TextList({
    description: 'The job types it can run.',
    maxItems: 10_000,
    maxLength: 200,
    example: ['echo'],
  })
  types: string[];

  @Choice({
    description:
      '`running`; `draining`: it was asked to finish its jobs and end; `stopped`: it ended in good order; ' +
      '`lost`: its jobs were taken back because it is gone, or it has not been seen for STALLED_WORKER_TIMEOUT.',
    choices: WORKER_STATES,
    example: 'running',
  })
  state: WorkerState;

  @Truth({
    description:
      'Whether it lives and has free slots, and has not been able to take jobs for CANARY_TIMEOUT; its log says why. Never true of an external one.',
    example: false,
  })
  takes_nothing: boolean;

  @Text({ description: 'When it started.', ...time })
  started_at: string;

  @Text({ description: 'Its last sign of life.', ...time })
  last_seen_at: string;

  @TextList({
    description: 'The jobs it runs now, at most as many as it has slots.',
    maxItems: 10_000,
    maxLength: 36,
    example: ['01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55'],
  })
  job_ids: string[];
}

/** A page of workers, the newest first. */
export class WorkerListResponse {
  @ListOf({
    description: 'The newest first. Who was not seen for a day is forgotten.',
    of: WorkerResponse,
  })
  workers: WorkerResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** The worker as it leaves. */
export function toWorkerResponse({
  isExternal,
  startedAt,
  lastSeenAt,
  takesNothing,
  jobIds,
  ...worker
}: Worker): WorkerResponse {
  return {
    ...worker,
    is_external: isExternal,
    takes_nothing: takesNothing,
    started_at: startedAt.toISOString(),
    last_seen_at: lastSeenAt.toISOString(),
    job_ids: jobIds,
  };
}
