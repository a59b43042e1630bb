import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { QUEUE_NAME } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Backoff, type JobType, JobTypes, MOST_POINTERS, faultOfPointer } from '../queue/index.js';
import { faultOfCircuit } from './circuits/circuit.js';
import { JOB_HANDLER, type JobHandlerOptions, type JobRunnable, payloadTypeOf } from './job-handler.js';

const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_DELAYS = { baseDelay: 1, maxDelay: 300 };
const LONGEST_TIMEOUT_SECONDS = 86_400;
const DEFAULT_MEMORY_MB = 256;
/** Less does not hold the application itself. */
const LEAST_MEMORY_MB = 64;
const MOST_MEMORY_MB = 65_536;

/** Finds the providers that declare themselves job handlers and checks, at boot, that they make sense. */
@Injectable()
export class HandlerRegistry implements OnModuleInit {
  private readonly logger = new Logger('Worker');
  private readonly handlers = new Map<string, JobRunnable<object>>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly types: JobTypes,
    private readonly backoff: Backoff,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      const constructor = (instance as object | undefined)?.constructor;
      const options =
        constructor && this.reflector.get<JobHandlerOptions | undefined>(JOB_HANDLER, constructor);
      if (options) this.register(options, instance as JobRunnable<object>);
    }
    if (this.config.role === 'worker') this.warnOfLongTimeouts();
  }

  /** The handler of a type, or undefined when this process has none. */
  find(type: string): JobRunnable<object> | undefined {
    return this.handlers.get(type);
  }

  /** The names of all types that this process has handlers for. */
  handledTypes(): string[] {
    return [...this.handlers.keys()].sort();
  }

  /**
   * Leaves jobs of these types to external workers, for whom they were declared before this build had handlers for
   * them: they must not be run by both.
   */
  cede(types: readonly string[]): void {
    for (const type of types) {
      if (!this.handlers.delete(type)) continue;
      this.logger.error(
        `The job type "${type}" is declared for external workers, so this worker does not run it: rename the handler, or remove the declaration with DELETE /job-types/${type} and start again`,
      );
    }
  }

  private register(options: JobHandlerOptions, handler: JobRunnable<object>): void {
    const jobType = resolveType(options, this.config);
    refuseNonsense(jobType, handler);
    const fault = this.backoff.faultOf(jobType.backoff);
    if (fault) throw new Error(`The job handler for "${jobType.type}" ${fault}`);
    this.types.add(jobType);
    this.handlers.set(jobType.type, handler);
  }

  /** The longest timeout there is means that the type takes its time on purpose. */
  private warnOfLongTimeouts(): void {
    const threshold = this.config.jobs.stalledAfterSeconds;
    for (const { type, timeoutSeconds } of this.types.all()) {
      if (timeoutSeconds < threshold || timeoutSeconds === LONGEST_TIMEOUT_SECONDS) continue;
      this.logger.warn(
        `Jobs of type "${type}" may run for ${timeoutSeconds} s, longer than STALLED_JOB_THRESHOLD (${threshold} s): raise that, or shorten the timeout`,
      );
    }
  }
}

function resolveType(options: JobHandlerOptions, config: Config): JobType {
  const policy = typeof options.policy === 'function' ? options.policy(config) : (options.policy ?? {});
  return {
    type: options.type,
    aliases: options.aliases ?? [],
    queue: options.queue ?? 'default',
    description: options.description,
    payload: payloadTypeOf(options, config),
    example: options.example,
    ...(options.examples ? { examples: options.examples } : {}),
    summary: options.summary ?? (() => ''),
    maxAttempts: policy.maxAttempts === undefined ? DEFAULT_MAX_ATTEMPTS : policy.maxAttempts,
    backoff: policy.backoff ?? { strategy: 'exponential', ...DEFAULT_DELAYS, jitter: config.jobs.jitter },
    timeoutSeconds: policy.timeoutSeconds ?? config.jobs.timeoutSeconds,
    ...(policy.retryOn ? { retryOn: policy.retryOn } : {}),
    ...(policy.failOn ? { failOn: policy.failOn } : {}),
    ...(options.isolate ? { isolate: { memoryMb: memoryOf(options.isolate) } } : {}),
    ...(options.circuit ? { circuit: options.circuit } : {}),
    ...(options.unique ? { unique: options.unique } : {}),
    ...(options.redact ? { redact: options.redact } : {}),
    ...(options.isInternal ? { isInternal: true } : {}),
    ...(options.jobsRead ? { jobsRead: options.jobsRead } : {}),
  };
}

function memoryOf(isolate: true | { readonly memoryMb?: number }): number {
  return (isolate === true ? undefined : isolate.memoryMb) ?? DEFAULT_MEMORY_MB;
}

function refuseNonsense(jobType: JobType, handler: JobRunnable<object>): void {
  const { type, queue, maxAttempts, timeoutSeconds, retryOn, failOn = [], isolate, circuit } = jobType;
  const fault = (what: string) => new Error(`The job handler for "${type}" ${what}`);
  if (typeof handler.run !== 'function') throw fault('has no run method');
  if (!QUEUE_NAME.test(queue)) throw fault(`names the queue "${queue}", which is not a valid queue name`);
  if (maxAttempts !== null && (!Number.isInteger(maxAttempts) || maxAttempts < 1)) {
    throw fault(`allows ${maxAttempts} attempts; it must be a whole number from 1 on, or null`);
  }
  const torn = retryOn?.find((error) => failOn.includes(error));
  if (torn) throw fault(`names ${torn.name} both in retryOn and in failOn`);
  if (retryOn?.length === 0) throw fault('has an empty retryOn: leave it out to retry after every error');
  if (type.startsWith('!')) throw fault('begins with "!", which marks jobs that must run alone');
  if (isolate && !isWithin(isolate.memoryMb, LEAST_MEMORY_MB, MOST_MEMORY_MB)) {
    throw fault(
      `isolates with ${isolate.memoryMb} MiB of memory; it must be a whole number from ${LEAST_MEMORY_MB} to ${MOST_MEMORY_MB}`,
    );
  }
  refuseWrongPointers(jobType.redact ?? [], fault);
  const circuitFault = circuit && faultOfCircuit(circuit);
  if (circuitFault) throw fault(circuitFault);
  if (timeoutSeconds < 1 || timeoutSeconds > LONGEST_TIMEOUT_SECONDS) {
    throw fault(`has a timeout of ${timeoutSeconds} s; it must lie between 1 and ${LONGEST_TIMEOUT_SECONDS}`);
  }
}

function refuseWrongPointers(pointers: readonly string[], fault: (what: string) => Error): void {
  if (pointers.length > MOST_POINTERS)
    throw fault(`redacts ${pointers.length} places; it may be ${MOST_POINTERS}`);
  for (const pointer of pointers) {
    const wrong = faultOfPointer(pointer);
    if (wrong) throw fault(`redacts "${pointer}", which ${wrong}`);
  }
}

function isWithin(number: number, least: number, most: number): boolean {
  return Number.isInteger(number) && number >= least && number <= most;
}
