import type { ClaimedJob } from '../claim/claimed-job.js';
import type { Claimant } from '../claim/claimant.js';
import { ALONE } from '../suspicion.js';
import { type Limits, rateOf } from './limits.js';
import { advanced, allowance, bounded, nextStart } from './rate.js';

/** How long (ms) a claim waits for its turn. */
export const PATIENCE_MS = '500';

/** Where nobody says how many jobs that must run alone may start. */
export const MOST_ALONE = 10_000;

/** A queue as a claim finds it when its turn has come. Times are epoch ms of the database's clock. */
export interface Entry {
  readonly isOpen: boolean;
  readonly tat: number | null;
  readonly running: number;
  readonly now: number;
}

/** What a claim came to. */
export interface Claimed {
  readonly jobs: ClaimedJob[];
  /** When (epoch ms) more may start; undefined = when others say so. */
  readonly lookAgainAt: number | undefined;
}

/** How many jobs the limits of the queue itself let start. */
export function roomOf({ tat, running, now }: Entry, limits: Limits): number {
  const rate = rateOf(limits);
  const byRate = rate ? allowance(rate, tat, now) : Infinity;
  return Math.min(byRate, limits.concurrency === null ? Infinity : limits.concurrency - running);
}

/** When (epoch ms) the next may start after as many have as there was room for; undefined = when others say so. */
export function nextLook(entry: Entry, limits: Limits, jobs: readonly ClaimedJob[]): number | undefined {
  const rate = rateOf(limits);
  const isFull = limits.concurrency !== null && entry.running + jobs.length >= limits.concurrency;
  if (isFull || !rate) return undefined;
  return nextStart(rate, nextTat(entry, limits, jobs), entry.now);
}

/** What is to be written down of the rate. The last start tells: the database's time, not earlier than when it was decided. */
export function nextTat({ tat, now }: Entry, limits: Limits, jobs: readonly ClaimedJob[]): number | null {
  const rate = rateOf(limits);
  if (!rate) return tat;
  if (jobs.length === 0) return tat === null ? null : bounded(rate, tat, now);
  const startedAt = Math.max(...jobs.map((job) => job.startedAt?.getTime() ?? now));
  return advanced(rate, tat, startedAt, jobs.length);
}

/** The kinds of tickets that a claimant can take; null = any. */
export function kindsFor({ types }: Claimant): string[] | null {
  return types ? [...types, ...types.map((type) => ALONE + type)] : null;
}
