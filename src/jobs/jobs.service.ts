import { Injectable } from '@nestjs/common';
import { DatabaseClock, type Fault, invalid } from '../common/index.js';
import { toValid } from '../common/http/index.js';
import {
  type BackoffPolicy,
  type Job,
  type JobType,
  JobTypes,
  type JsonObject,
  type NewJob,
  QueueService,
} from '../queue/index.js';
import type { BackoffRequest, CreateJobRequest } from './create-job.dto.js';
import { after } from './duration.js';
import { LAST_YEAR, isSchedulable, parseMoment } from './moment.js';

/** The type of a job that names none. */
const DEFAULT_TYPE = 'echo';

/** Decides what a submission means before the queue accepts it. */
@Injectable()
export class JobsService {
  constructor(
    private readonly queue: QueueService,
    private readonly types: JobTypes,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Accepts one job.
   * @param payloadAt where the payload stands in the caller's body, as a JSON pointer
   * @throws DomainError validation_failed, unknown_job_type, database_unavailable
   */
  async submit(request: CreateJobRequest, payloadAt = '/payload'): Promise<Job> {
    const type = this.types.get(request.type ?? this.typeNamedIn(request.payload));
    refuseContradictions(request);
    await toValid(type.payload, request.payload, { base: payloadAt });
    const [enqueued] = await this.queue.enqueue([this.toNewJob(request, type)]);
    if (!enqueued) throw new Error('The queue answered without a job');
    return enqueued.job;
  }

  private typeNamedIn({ task }: JsonObject): string {
    return typeof task === 'string' && this.types.find(task) ? task : DEFAULT_TYPE;
  }

  private toNewJob(request: CreateJobRequest, type: JobType): NewJob {
    const { queue, priority, tags, timeout } = request;
    return {
      type: type.type,
      payload: request.payload,
      ...defined({ queue, priority, tags, timeoutSeconds: timeout }),
      ...defined({
        scheduledAt: this.startOf(request),
        maxAttempts: attemptsOf(request),
        backoff: backoffOf(request, type),
      }),
    };
  }

  private startOf({ scheduled_at, schedule_at, schedule_in }: CreateJobRequest): Date | undefined {
    if (schedule_in !== undefined) return schedulable(after(new Date(this.clock.now()), schedule_in));
    const text = scheduled_at ?? schedule_at;
    return text === undefined ? undefined : parseMoment(text);
  }
}

function schedulable(time: Date): Date {
  if (isSchedulable(time)) return time;
  const detail = `schedule_in must not lead beyond the year ${LAST_YEAR}`;
  throw invalid('validation_failed', [{ pointer: '/schedule_in', detail, code: 'is_duration' }]);
}

/** `retry: n` is n + 1 executions; for ever is null. */
function attemptsOf({ max_attempts, retry }: CreateJobRequest): number | null | undefined {
  if (retry === undefined) return max_attempts;
  if (typeof retry === 'number') return retry + 1;
  return retry === true ? null : (retry.max_attempts ?? null);
}

function backoffOf({ retry, backoff }: CreateJobRequest, type: JobType): BackoffPolicy | undefined {
  if (typeof retry === 'object') {
    const { wait = 0, linear_wait: linearWait = 0, exponential_wait: exponentialWait = 0 } = retry;
    return { strategy: 'formula', wait, linearWait, exponentialWait };
  }
  return backoff && exponential(backoff, type.backoff);
}

function exponential(request: BackoffRequest, ofType: BackoffPolicy): BackoffPolicy {
  const base = ofType.strategy === 'exponential' ? ofType : { baseDelay: 1, maxDelay: 300, jitter: 0.1 };
  const baseDelay = request.base_delay ?? base.baseDelay;
  return {
    strategy: 'exponential',
    baseDelay,
    maxDelay: request.max_delay ?? Math.max(base.maxDelay, baseDelay),
    jitter: request.jitter ?? base.jitter,
  };
}

/** Fields that say the same thing twice: which one holds would be a guess. */
function refuseContradictions(request: CreateJobRequest): void {
  const exclusive = [
    ['scheduled_at', 'schedule_at', 'schedule_in'],
    ['max_attempts', 'retry'],
  ] as const;
  const faults = exclusive.flatMap((names): Fault[] => {
    const [first, second] = names.filter((name) => request[name] !== undefined);
    if (!first || !second) return [];
    return [
      { pointer: `/${second}`, detail: `Give either ${first} or ${second}, not both`, code: 'contradiction' },
    ];
  });
  if (typeof request.retry === 'object' && request.backoff) {
    faults.push({
      pointer: '/backoff',
      detail: 'Give either the waits in retry or backoff, not both',
      code: 'contradiction',
    });
  }
  if (faults.length > 0) throw invalid('validation_failed', faults);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
