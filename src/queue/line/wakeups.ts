import { QUEUE_NAME } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';

/** The channel on which a commit tells workers that there is something to do. */
export const WAKEUP_CHANNEL = 'roundhouse_wakeups';

/** The channel on which the ledger's trigger says which jobs changed, while somebody watches. */
export const CHANGES_CHANNEL = 'roundhouse_job_changes';

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
  /** Queues that were paused: what waits for a slot goes back in line. */
  readonly paused?: readonly string[];
  /** Workers with something to read in their row: they are to drain. */
  readonly workers?: readonly string[];
  /** The earliest time (epoch ms) at which a job without a ticket must be looked at again. */
  readonly promoteAt?: number;
  /** The earliest time (epoch ms) at which a schedule must be looked at. */
  readonly scheduleAt?: number;
}

/** Stands for every queue. */
export const ALL_QUEUES = '*';

/** Stands for every job that somebody wants cancelled. */
export const ALL_JOBS = '*';

/** Stands for every worker. */
export const ALL_WORKERS = '*';

/** Look at everything: the queues, the jobs held, the own row, the jobs without a ticket, the schedules. */
export const EVERYTHING: Wakeup = {
  ready: [ALL_QUEUES],
  due: {},
  cancel: [ALL_JOBS],
  workers: [ALL_WORKERS],
  promoteAt: 0,
  scheduleAt: 0,
};

type WaitingJob = Pick<Job, 'queue' | 'scheduledAt' | 'ticketed' | 'updatedAt' | 'status' | 'lock'>;

/** Tells the workers, at the commit, about jobs that wait since this transaction. One notice per commit. */
export async function announce(session: Session, jobs: readonly WaitingJob[]): Promise<void> {
  const wakeup = wakeupFor(jobs);
  if (wakeup) await send(session, wakeup);
}

/** Tells the workers, at the commit, which running jobs are to be cancelled. */
export async function announceCancels(session: Session, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length > 0) await send(session, { ready: [], due: {}, cancel: jobIds });
}

/** Tells the workers, at the commit, that a queue is paused, until it may be claimed from again. */
export async function announcePause(session: Session, queue: string, until: Date | null): Promise<void> {
  await send(session, { ready: [], due: until ? { [queue]: until.getTime() } : {}, paused: [queue] });
}

/** Tells the workers, at the commit, that a queue may be claimed from again. */
export async function announceOpening(session: Session, queue: string): Promise<void> {
  await send(session, { ready: [queue], due: {} });
}

/** Tells the workers, at the commit, that in these queues there is room for more jobs. */
export async function announceRoom(session: Session, queues: readonly string[]): Promise<void> {
  await send(session, { ready: queues, due: {} });
}

/** Tells the workers, at the commit, to look at every queue afresh: which jobs may start has changed. */
export async function announceEverywhere(session: Session): Promise<void> {
  await announceOpening(session, ALL_QUEUES);
}

/** Tells workers, at the commit, that their row has something for them to read. */
export async function notifyWorkers(session: Session, workerIds: readonly string[]): Promise<void> {
  await send(session, { ready: [], due: {}, workers: workerIds });
}

/** Tells the workers, at the commit, when a schedule is to be looked at that was written just now. */
export async function announceSchedule(session: Session, at: Date): Promise<void> {
  await send(session, { ready: [], due: {}, scheduleAt: at.getTime() });
}

async function send(session: Session, wakeup: Wakeup): Promise<void> {
  await session.query('SELECT pg_notify($1, $2)', [WAKEUP_CHANNEL, encodeWakeup(wakeup)]);
}

/** Sums up what a commit made available, or undefined when it was nothing. */
export function wakeupFor(jobs: readonly WaitingJob[]): Wakeup | undefined {
  const waiting = jobs.filter((job) => job.status === 'PENDING');
  const ready = new Set<string>();
  const due: Record<string, number> = {};
  let promoteAt = Infinity;
  for (const { queue, scheduledAt, updatedAt, ticketed, lock } of waiting) {
    const at = scheduledAt.getTime();
    if (ticketed && scheduledAt <= updatedAt) ready.add(queue);
    else if (ticketed) due[queue] = Math.min(due[queue] ?? at, at);
    // A job without a lock gets its ticket a minute ahead: the rounds of promotion are in time for that.
    else if (lock !== null) promoteAt = Math.min(promoteAt, at);
  }
  if (ready.size === 0 && Object.keys(due).length === 0 && promoteAt === Infinity) return undefined;
  return { ready: [...ready], due, ...(promoteAt === Infinity ? {} : { promoteAt }) };
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
    return isWakeup(wakeup) ? { ...wakeup, ...extrasOf(wakeup) } : EVERYTHING;
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

/** What not every version sends, and a newer one may send in another form. */
function extrasOf({ cancel, workers, paused, promoteAt, scheduleAt }: Wakeup): Partial<Wakeup> {
  return {
    ...(Array.isArray(paused) ? { paused: (paused as unknown[]).filter(isQueueName) } : {}),
    ...(cancel === undefined ? {} : { cancel: asIds(cancel, ALL_JOBS) }),
    ...(workers === undefined ? {} : { workers: asIds(workers, ALL_WORKERS) }),
    ...(promoteAt === undefined ? {} : { promoteAt: Number.isFinite(promoteAt) ? promoteAt : 0 }),
    ...(scheduleAt === undefined ? {} : { scheduleAt: Number.isFinite(scheduleAt) ? scheduleAt : 0 }),
  };
}

function asIds(value: unknown, all: string): readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string') ? value : [all];
}

function isQueueName(name: unknown): name is string {
  return typeof name === 'string' && QUEUE_NAME.test(name);
}
