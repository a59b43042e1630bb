import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refuseQueue } from '../auth/index.js';
import { after } from '../common/duration.js';
import { DatabaseClock, currentActor, invalid, withFurtherFaults } from '../common/index.js';
import { isJsonObject } from '../common/json-object.js';
import { LAST_YEAR, isSchedulable, parseMoment, toValid } from '../common/http/index.js';
import { CONFIG, type Config } from '../config/index.js';
import {
  type Enqueued,
  ForgetfulQueues,
  type JobType,
  JobTypeCatalog,
  type JsonObject,
  type NewJob,
} from '../queue/index.js';
import { checkPayload } from './check-payload.js';
import { CreateJobRequest, type JobRequest } from './create-job.dto.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { QueueBounds } from './queue-bounds.js';
import { readEach } from './read-each.js';
import { attemptsOf, backoffOf, fingerprintOf, refuseContradictions, uniqueOf } from './submission.js';

/** The type of a job that names none. */
const DEFAULT_TYPE = 'echo';

/** A request for one job, as all that can be submitted have it. */
type ReadableRequest = JobRequest & Partial<Pick<CreateJobRequest, 'idempotency_key' | 'depends_on'>>;

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
  /** Of the caller's transaction, where it is accepted exactly when that commits. */
  readonly manager?: EntityManager;
}

/** Decides what a submission means before the queue accepts it. */
@Injectable()
export class JobsService {
  constructor(
    private readonly bounds: QueueBounds,
    private readonly types: JobTypeCatalog,
    private readonly clock: DatabaseClock,
    private readonly forgetful: ForgetfulQueues,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Accepts one job.
   * @throws DomainError validation_failed, unknown_job_type, idempotency_key_reused, job_already_exists, queue_full,
   * database_unavailable
   */
  async submit(request: CreateJobRequest, arrival: Arrival = {}): Promise<Enqueued> {
    const { manager } = arrival;
    const job = await this.read(request, arrival);
    // Who brings a transaction is a schedule, which was accepted long ago.
    const [enqueued] = manager
      ? await this.bounds.enqueue([job], { manager })
      : await this.bounds.enqueue([{ ...job, heedsQuota: true }]);
    if (!enqueued) throw new Error('The queue answered without a job');
    return enqueued;
  }

  /**
   * Accepts all of these jobs or none.
   * @param bodies what stands in the caller's list, not checked yet
   * @throws DomainError as `submit`, with the faults of every job, each at its place in the list
   */
  async submitBatch(bodies: readonly unknown[]): Promise<Enqueued[]> {
    const jobs = await readEach(bodies, (body, at) => this.readBody(body, at));
    return this.bounds.enqueue(jobs.map((job) => ({ ...job, heedsQuota: true })));
  }

  /**
   * Checks a job of a caller's list, and decides what it means.
   * @param at where it stands in the caller's body; faults are told without it
   * @throws DomainError validation_failed, unknown_job_type
   */
  async readBody(body: unknown, at: string): Promise<NewJob> {
    this.refuseLarge(body);
    const request = await toValid(CreateJobRequest, body).catch(async (error: unknown) => {
      throw await withFurtherFaults(error, () => this.checkKind(body));
    });
    return this.read(request, { at });
  }

  /**
   * Decides what a request means, whose form has been checked.
   * @throws DomainError validation_failed, unknown_job_type
   */
  async read(
    request: ReadableRequest,
    { payloadAt = '/payload', at, idempotencyKey, waits }: Arrival = {},
  ): Promise<NewJob> {
    const type = await this.typeFor(request, payloadAt);
    refuseQueue(request.queue ?? type.queue);
    if (reachesElsewhere(request)) refuseQueue(undefined);
    await this.bounds.refuseReading(type, request.payload);
    if (waits) await this.forgetful.refuseWaiting(request.queue ?? type.queue);
    const key = idempotencyKeyOf(request.idempotency_key, idempotencyKey);
    const { queue, priority, tags, timeout, lock, limit_key, depends_on } = request;
    return {
      type: type.type,
      payload: request.payload,
      createdBy: currentActor(),
      ...defined({
        at,
        queue,
        priority,
        tags,
        lock,
        limitKey: limit_key,
        timeoutSeconds: timeout,
        dependsOn: depends_on?.map(toDependency),
        callbackUrl: request.callback_url,
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

  /**
   * Checks what a job is, as far as that can be told of a body whose form is wrong.
   * @throws DomainError validation_failed, unknown_job_type
   */
  async checkKind(body: unknown): Promise<void> {
    const { type, payload } = isJsonObject(body) ? body : {};
    if (typeof type !== 'string') return;
    const known = await this.types.get(type);
    if (isJsonObject(payload)) await checkPayload(known, payload, '/payload');
  }

  /** A job of a batch may be as large as one that comes alone. */
  refuseLarge(body: unknown): void {
    const { maxPayloadBytes } = this.config.http;
    if (Buffer.byteLength(JSON.stringify(body)) <= maxPayloadBytes) return;
    const detail = `This job is larger than the ${maxPayloadBytes} bytes that MAX_PAYLOAD_BYTES allows`;
    throw invalid('validation_failed', [{ pointer: '', detail, code: 'payload_too_large' }]);
  }

  private async typeFor(request: ReadableRequest, payloadAt: string): Promise<JobType> {
    const get = async () => this.types.get(request.type ?? (await this.typeNamedIn(request.payload)));
    try {
      const type = await get();
      refuseInternal(type);
      refuseContradictions(request);
      await checkPayload(type, request.payload, payloadAt);
      return type;
    } catch (error) {
      throw await withFurtherFaults(
        error,
        () => refuseContradictions(request),
        async () => checkPayload(await get(), request.payload, payloadAt),
      );
    }
  }

  private async typeNamedIn({ task }: JsonObject): Promise<string> {
    return typeof task === 'string' && (await this.types.find(task)) ? task : DEFAULT_TYPE;
  }

  private startOf({ scheduled_at, schedule_at, schedule_in }: JobRequest): Date | undefined {
    if (schedule_in !== undefined) return schedulable(after(new Date(this.clock.now()), schedule_in));
    const text = scheduled_at ?? schedule_at;
    return text === undefined ? undefined : parseMoment(text);
  }
}

/** What it does was asked for elsewhere, where more than the right to submit is needed. */
function refuseInternal({ type, isInternal, description }: JobType): void {
  if (!isInternal) return;
  const detail = `Jobs of the type "${type}" are not submitted. ${description}`;
  throw invalid('validation_failed', [{ pointer: '/type', detail, code: 'internal_type' }]);
}

/** Another job may be in any queue: one that is waited for shows its result, and one that is replaced is changed. */
function reachesElsewhere({ depends_on: dependsOn = [], unique }: ReadableRequest): boolean {
  return dependsOn.length > 0 || unique?.on_conflict === 'replace';
}

function schedulable(time: Date): Date {
  if (isSchedulable(time)) return time;
  const detail = `schedule_in must not lead beyond the year ${LAST_YEAR}`;
  throw invalid('validation_failed', [{ pointer: '/schedule_in', detail, code: 'is_duration' }]);
}

/** Ids as the database writes them. */
function toDependency(
  one: NonNullable<CreateJobRequest['depends_on']>[number],
): NonNullable<NewJob['dependsOn']>[number] {
  if (typeof one === 'string') return one.toLowerCase();
  return { jobId: one.job_id.toLowerCase(), onFailure: one.on_failure ?? 'cancel' };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
