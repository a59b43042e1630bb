import type { Lease } from '../wire.js';
import type { HeldLease } from './held-lease.js';
import type { LogLevel } from './lease-words.js';

/** An attempt of a job, as its handler gets it. */
export class Task<Payload = Record<string, unknown>> {
  /** The job, with what the handler may want to know. */
  readonly job: Omit<Lease['job'], 'payload'>;
  readonly payload: Payload;
  /** 1 for the first. */
  readonly attempt: number;
  /** How long (s) the attempt may take; it is over then, and counts as failed. */
  readonly timeout: number;
  /** The trace that the job belongs to (W3C), if any. */
  readonly traceparent: string | null;
  /** Fires when the work is to be given up; its reason is a `TaskAbortedError` that says why. */
  readonly signal: AbortSignal;

  /** Told with the next heartbeat. @param percent 0 to 100 @param message at most 1,000 characters */
  readonly progress: (percent: number, message?: string) => void;
  /** Told with the next heartbeat. @param message at most 4,096 characters @param level `info` otherwise */
  readonly log: (message: string, level?: LogLevel) => void;

  constructor(held: HeldLease) {
    const { job, attempt, timeout, traceparent } = held.lease;
    const { payload, ...rest } = job;
    this.job = rest;
    this.payload = payload as Payload;
    this.attempt = attempt;
    this.timeout = timeout;
    this.traceparent = traceparent;
    this.signal = held.signal;
    this.progress = (percent, message) => held.advance(percent, message);
    this.log = (message, level = 'info') => held.note(message, level);
  }
}
