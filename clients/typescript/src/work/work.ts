import type { PayloadOf, ResultOf } from '../jobs/job-types.js';
import type { Api } from '../transport/api.js';
import { randomKey } from '../transport/idempotency-key.js';
import { pause } from '../transport/pause.js';
import { waitAfter } from '../transport/retrying.js';
import type { Lease } from '../wire.js';
import { HeldLease } from './held-lease.js';
import { completed, failed } from './lease-words.js';
import { Task } from './task.js';

/** How long (s) the service holds a request until there is a job. */
const HELD_S = 20;

/** Does the jobs of a type; what it resolves with is the result. */
export type Handler<Payload, Result> = (task: Task<Payload>) => Promise<Result> | Result;

/** A handler for each type. */
export type Handlers<Own> = keyof Own extends never
  ? Readonly<Record<string, Handler<Record<string, unknown>, unknown>>>
  : { readonly [Type in keyof Own & string]?: Handler<PayloadOf<Own, Type>, ResultOf<Own, Type>> };

/** What a worker takes, and how. */
export interface WorkOptions<Own = object> {
  /** 1 to 20, looked at in this order. */
  readonly queues: readonly string[];
  /** By the types that they do, which must be declared (`PUT /job-types/{type}`). */
  readonly handlers: Handlers<Own>;
  /** As many jobs at a time, 1 to 100; 1 otherwise. */
  readonly concurrency?: number | undefined;
  /** How long (s) a job is held without a word, that is how late a crash is noticed; 5 to 3,600, 60 otherwise. */
  readonly leaseSeconds?: number | undefined;
  /** The name of this worker, one for each; a random one otherwise. */
  readonly workerId?: string | undefined;
  /** Stops the worker: it takes no more jobs, and ends when its own have. */
  readonly signal?: AbortSignal | undefined;
  /** How long (ms) its jobs have for that before they are given back; 30,000 otherwise. */
  readonly grace?: number | undefined;
  /** Told of what the worker lives with: a service that is away, a job that was lost. Written to the console otherwise. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Takes jobs and does them until it is stopped. */
export class Worker {
  private readonly running = new Map<HeldLease, Promise<void>>();
  private readonly wish;
  private readonly handlers: Readonly<Record<string, Handler<never, unknown>>>;
  private readonly onError: (error: unknown) => void;

  constructor(
    private readonly api: Api,
    private readonly options: Omit<WorkOptions, 'handlers'> & { readonly handlers: object },
  ) {
    const { queues, leaseSeconds = 60, workerId = `client-${randomKey()}`, onError } = options;
    this.handlers = options.handlers as typeof this.handlers;
    const types = Object.keys(this.handlers);
    if (types.length === 0) throw new TypeError('A worker needs a handler for at least one type.');
    this.wish = {
      queues: [...queues],
      types,
      wait: HELD_S,
      worker_id: workerId,
      lease_seconds: leaseSeconds,
    };
    this.onError = onError ?? console.error;
  }

  async run(): Promise<void> {
    const { signal, concurrency = 1 } = this.options;
    const stopped = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      while (!signal?.aborted) {
        const free = concurrency - this.running.size;
        if (free > 0) for (const lease of await this.ask(free)) this.start(lease);
        else await Promise.race([...this.running.values(), stopped]);
      }
    } finally {
      await this.drain();
    }
  }

  /** Asks until there is an answer; nothing when it is to stop. @throws what asking again does not help against */
  private async ask(max: number): Promise<Lease[]> {
    const { signal } = this.options;
    for (let failures = 1; !signal?.aborted; failures++) {
      try {
        const body = { ...this.wish, max };
        const askedAt = performance.now();
        const { leases } = await this.api.request('POST /leases', { body }, { signal, retries: 0 });
        // A service that stops has nothing for anybody, at once.
        if (leases.length === 0 && performance.now() - askedAt < 1_000) await pause(1_000, signal);
        return leases;
      } catch (error) {
        if (isFired(signal)) break;
        const wait = waitAfter(error, failures);
        if (wait === undefined) throw error;
        if (failures === 1) this.onError(error);
        await pause(wait, signal).catch(() => undefined);
      }
    }
    return [];
  }

  private start(lease: Lease): void {
    const held = new HeldLease(this.api, lease, this.wish.lease_seconds * 1000, this.onError);
    const run = this.attempt(held).finally(() => this.running.delete(held));
    this.running.set(held, run);
  }

  private async attempt(held: HeldLease): Promise<void> {
    const handler = this.handlers[held.lease.job.type];
    try {
      if (!handler) throw new Error(`This worker has no handler for ${held.lease.job.type}.`);
      const result = await handler(new Task<never>(held));
      await held.end(completed(result));
    } catch (error) {
      await held.end(failed(error));
    }
  }

  /** Waits for what runs, and gives back what takes too long. */
  private async drain(): Promise<void> {
    const { grace = 30_000 } = this.options;
    const overdue = new AbortController();
    void Promise.all(this.running.values()).then(() => overdue.abort());
    await pause(grace, overdue.signal).catch(() => undefined);
    for (const held of this.running.keys()) held.abort('stopping');
    await Promise.all([...this.running.keys()].map((held) => held.end({ word: 'release' })));
  }
}

const isFired = (signal: AbortSignal | undefined): boolean => signal?.aborted ?? false;
