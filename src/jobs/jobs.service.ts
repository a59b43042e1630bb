import { Inject, Injectable } from '@nestjs/common';
import { after } from '../common/duration.js';
import { ANONYMOUS, DatabaseClock, DomainError, type Fault, invalid } from '../common/index.js';
import { LAST_YEAR, isSchedulable, parseMoment, toValid } from '../common/http/index.js';
import { CONFIG, type Config } from '../config/index.js';
import {
  type Enqueued,
  ForgetfulQueues,
  JobTypeCatalog,
  type JsonObject,
  type NewJob,
  QueueService,
} from '../queue/index.js';
import { checkPayload } from './check-payload.js';
import { CreateJobRequest } from './create-job.dto.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { attemptsOf, backoffOf, fingerprintOf, refuseContradictions, uniqueOf } from './submission.js';

/** The type of a job that names none. */
const DEFAULT_TYPE = 'echo';

/** Whoever sends 10,000 wrong jobs wants to know what is wrong with the first of them. */
const MOST_FAULTS = 100;

/** How a submission came. */
interface Arrival {
  /** Where the payload stands in the caller's body, as a JSON pointer. */
  readonly payloadAt?: string;
  /** Where the job stands in the caller's body. */
  readonly at?: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey?: string | undefined;
  /** Whether the caller waits for the end of the job. */
  readonly waits?: boolean;
}

/** Decides what a submission means before the queue accepts it. */
@Injectable()
export class JobsService {
  constructor(
    private readonly queue: QueueService,
    private readonly types: JobTypeCatalog,
    private readonly clock: DatabaseClock,
    private readonly forgetful: ForgetfulQueues,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Accepts one job.
   * @throws DomainError validation_failed, unknown_job_type, idempotency_key_reused, job_already_exists,
   * database_unavailable
   */
  async submit(request: CreateJobRequest, arrival: Arrival = {}): Promise<Enqueued> {
    const [enqueued] = await this.queue.enqueue([await this.toNewJob(request, arrival)]);
    if (!enqueued) throw new Error('The queue answered without a job');
    return enqueued;
  }

  /**
   * Accepts all of these jobs or none.
   * @param bodies what stands in the caller's list, not checked yet
   * @throws DomainError as `submit`, with the faults of every job, each at its place in the list
   */
  async submitBatch(bodies: readonly unknown[]): Promise<Enqueued[]> {
    const jobs: NewJob[] = [];
    const faults: Fault[] = [];
    for (const [index, body] of bodies.entries()) {
      const at = `/jobs/${index}`;
      try {
        this.refuseLarge(body);
        const request = await toValid(CreateJobRequest, body);
        jobs.push(await this.toNewJob(request, { at }));
      } catch (error) {
        faults.push(...faultsAt(at, error));
      }
      if (faults.length >= MOST_FAULTS) break;
    }
    if (faults.length > 0) throw invalid('validation_failed', faults);
    return this.queue.enqueue(jobs);
  }

  private async toNewJob(
    request: CreateJobRequest,
    { payloadAt = '/payload', at, idempotencyKey, waits }: Arrival,
  ): Promise<NewJob> {
    const type = await this.types.get(request.type ?? (await this.typeNamedIn(request.payload)));
    refuseContradictions(request);
    await checkPayload(type, request.payload, payloadAt);
    if (waits) await this.forgetful.refuseWaiting(request.queue ?? type.queue);
    const key = idempotencyKeyOf(request.idempotency_key, idempotencyKey);
    const { queue, priority, tags, timeout, lock, depends_on } = request;
    return {
      type: type.type,
      payload: request.payload,
      createdBy: ANONYMOUS,
      ...defined({
        at,
        queue,
        priority,
        tags,
        lock,
        timeoutSeconds: timeout,
        dependsOn: lowerCase(depends_on),
      }),
      ...defined({
        scheduledAt: this.startOf(request),
        maxAttempts: attemptsOf(request),
        backoff: backoffOf(request, type),
        unique: uniqueOf(request.unique),
        idempotency: key === undefined ? undefined : { key, fingerprint: fingerprintOf(type, request) },
      }),
    };
  }

  /** A job of a batch may be as large as one that comes alone. */
  private refuseLarge(body: unknown): void {
    const { maxPayloadBytes } = this.config.http;
    if (Buffer.byteLength(JSON.stringify(body)) <= maxPayloadBytes) return;
    const detail = `This job is larger than the ${maxPayloadBytes} bytes that MAX_PAYLOAD_BYTES allows`;
    throw invalid('validation_failed', [{ pointer: '', detail, code: 'payload_too_large' }]);
  }

  private async typeNamedIn({ task }: JsonObject): Promise<string> {
    return typeof task === 'string' && (await this.types.find(task)) ? task : DEFAULT_TYPE;
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

/** As the database writes them. */
function lowerCase(ids: readonly string[] | undefined): string[] | undefined {
  return ids?.map((id) => id.toLowerCase());
}

/** The faults of one job of a list, told where it stands. */
function faultsAt(at: string, error: unknown): Fault[] {
  if (!(error instanceof DomainError)) throw error;
  const { faults = [{ pointer: '', detail: error.message, code: error.code }] } = error.options;
  return faults.map((fault) => ({ ...fault, pointer: `${at}${fault.pointer}` }));
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
