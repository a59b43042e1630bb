import { ProblemError } from '../errors.js';
import { PATIENCE_MS } from '../jobs/wait-for-job.js';
import type { Api } from '../transport/api.js';
import { pause } from '../transport/pause.js';
import { waitAfter } from '../transport/retrying.js';
import type { Lease } from '../wire.js';
import { type Ending, type LogLevel, failed, logLine } from './lease-words.js';
import { TaskAbortedError } from './outcomes.js';

/** As many log lines as a heartbeat takes. */
const MOST_LINES = 100;

/** A job that is held by heartbeats from the answer on until it is ended. */
export class HeldLease {
  private readonly aborting = new AbortController();
  private readonly ending = new AbortController();
  private readonly keeping: Promise<void>;
  private heldUntil: number;
  private lines: ReturnType<typeof logLine>[] = [];
  private progress: { progress: number; message?: string } | undefined;

  constructor(
    private readonly api: Api,
    readonly lease: Lease,
    private readonly leaseMs: number,
    private readonly onError: (error: unknown) => void,
  ) {
    this.heldUntil = performance.now() + leaseMs;
    this.keeping = this.keep();
  }

  /** Fires when the work is to be given up. */
  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  abort(why: TaskAbortedError['why']): void {
    this.aborting.abort(new TaskAbortedError(why));
  }

  note(message: string, level: LogLevel): void {
    this.lines.push(logLine(message, level));
  }

  advance(percent: number, message: string | undefined): void {
    if (Number.isNaN(percent)) return;
    const progress = Math.min(100, Math.max(0, Math.round(percent)));
    this.progress = { progress, ...(message === undefined ? {} : { message: message.slice(0, 1_000) }) };
  }

  /** Tells what is left to tell, and how the job ends, until there is an answer or the service is away for two minutes. */
  async end(ending: Ending): Promise<void> {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    await this.keeping;
    if (this.isLost) return;
    try {
      while (this.lines.length > 0 || this.progress) await this.beat();
    } catch (error) {
      this.onError(error);
    }
    await this.say(ending).catch(this.onError);
  }

  private get isLost(): boolean {
    return (this.signal.reason as TaskAbortedError | undefined)?.why === 'lost';
  }

  private async say(ending: Ending, isExplained = false): Promise<void> {
    const path = { token: this.lease.lease_token };
    const patient = { patienceMs: PATIENCE_MS };
    try {
      if (ending.word === 'complete')
        await this.api.persist('POST /leases/{token}/complete', { path, body: ending.body }, patient);
      if (ending.word === 'fail')
        await this.api.persist('POST /leases/{token}/fail', { path, body: ending.body }, patient);
      if (ending.word === 'snooze')
        await this.api.persist('POST /leases/{token}/snooze', { path, body: ending.body }, patient);
      if (ending.word === 'release')
        await this.api.persist('POST /leases/{token}/release', { path }, patient);
    } catch (error) {
      // What the service does not take, and what is no JSON; an explanation of ours is neither.
      const isUnsayable =
        error instanceof TypeError || (error instanceof ProblemError && waitAfter(error, 1) === undefined);
      if (isExplained || !isUnsayable || isLost(error)) throw error;
      await this.say(failed(new Error(`What the work has come to cannot be told: ${error.message}`)), true);
    }
  }

  private async keep(): Promise<void> {
    for (;;) {
      await pause(this.leaseMs / 3, this.ending.signal).catch(() => undefined);
      if (this.ending.signal.aborted) return;
      try {
        await this.beat();
      } catch (error) {
        this.onError(error);
        if (isLost(error) || performance.now() > this.heldUntil) this.abort('lost');
        if (isLost(error)) return;
      }
    }
  }

  private async beat(): Promise<void> {
    const logs = this.lines.splice(0, MOST_LINES);
    const { progress } = this;
    this.progress = undefined;
    const sentAt = performance.now();
    try {
      const { cancel_requested } = await this.api.request(
        'POST /leases/{token}/heartbeat',
        { path: { token: this.lease.lease_token }, body: { ...progress, ...(logs.length > 0 && { logs }) } },
        { timeout: this.leaseMs / 3, retries: 1 },
      );
      this.heldUntil = sentAt + this.leaseMs;
      if (cancel_requested) this.abort('cancelled');
    } catch (error) {
      // What the service does not take is not told again: it would silence every heartbeat.
      if (waitAfter(error, 1) !== undefined) {
        this.lines.unshift(...logs);
        this.progress ??= progress;
      }
      throw error;
    }
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof ProblemError && (error.status === 409 || error.status === 404);
