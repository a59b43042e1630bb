import { QUEUE_NAME } from '../common/index.js';
import type { Session } from '../database/index.js';
import type { Job } from './job.entity.js';

/** The channel on which a commit tells workers that there is something to do. */
export const WAKEUP_CHANNEL = 'roundhouse_wakeups';

/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const LONGEST_PAYLOAD = 7_900;

/** What one commit made available. */
export interface Wakeup {
  /** Queues with a job that may start now; `*` = look at every queue. */
  readonly ready: readonly string[];
  /** Per queue, the earliest time (epoch ms) at which one of the new tickets may start. */
  readonly due: Readonly<Record<string, number>>;
  /** Running jobs that are to be cancelled; `*` = look at every job held. */
  readonly cancel?: readonly string[];
  /** Workers with something to read in their row: they are to drain. */
  readonly workers?: readonly string[];
  /** The earliest time (epoch ms) at which a job without a ticket must be looked at again. */
  readonly promoteAt?: number;
}

/** Stands for every queue. */
export const ALL_QUEUES = '*';

const EVERYTHING: Wakeup = { ready: [ALL_QUEUES], due: {} };

type WaitingJob = Pick<Job, 'queue' | 'scheduledAt' | 'ticketed' | 'updatedAt'>;

/** Tells the workers, at the commit, about jobs that wait since this transaction. One notice per commit. */
export async function announce(session: Session, jobs: readonly WaitingJob[]): Promise<void> {
  const wakeup = wakeupFor(jobs);
  if (wakeup) await session.query('SELECT pg_notify($1, $2)', [WAKEUP_CHANNEL, encodeWakeup(wakeup)]);
}

/** Sums up what a commit made available, or undefined when it was nothing. */
export function wakeupFor(jobs: readonly WaitingJob[]): Wakeup | undefined {
  const inLine = jobs.filter((job) => job.ticketed);
  if (inLine.length === 0) return undefined;
  const ready = new Set<string>();
  const due: Record<string, number> = {};
  for (const { queue, scheduledAt, updatedAt } of inLine) {
    const at = scheduledAt.getTime();
    if (scheduledAt <= updatedAt) ready.add(queue);
    else due[queue] = Math.min(due[queue] ?? at, at);
  }
  return { ready: [...ready], due };
}

/** The text of a notification. */
export function encodeWakeup(wakeup: Wakeup): string {
  const text = JSON.stringify(wakeup);
  return text.length <= LONGEST_PAYLOAD ? text : JSON.stringify(EVERYTHING);
}

/** The reverse; a text that is not one of ours, but perhaps of a newer version, wakes everything. */
export function decodeWakeup(text: string): Wakeup {
  try {
    const wakeup: unknown = JSON.parse(text);
    return isWakeup(wakeup) ? wakeup : EVERYTHING;
  } catch {
    return EVERYTHING;
  }
}

function isWakeup(value: unknown): value is Wakeup {
  const { ready, due } = (value ?? {}) as Partial<Record<keyof Wakeup, unknown>>;
  if (!Array.isArray(ready) || typeof due !== 'object' || due === null) return false;
  const names: unknown[] = [
    ...(ready as unknown[]).filter((name) => name !== ALL_QUEUES),
    ...Object.keys(due),
  ];
  return names.every(isQueueName) && Object.values(due).every(Number.isFinite);
}

function isQueueName(name: unknown): boolean {
  return typeof name === 'string' && QUEUE_NAME.test(name);
}
