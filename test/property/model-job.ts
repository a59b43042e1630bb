import type { JobStatus } from '../../src/queue/index.js';
import type { OutcomeWord, Submission } from './commands.js';

/** A job as the model knows it. Jobs are numbered in the order in which they were asked for. */
export interface ModelJob {
  readonly number: number;
  status: JobStatus;
  attempts: number;
  limit: number | null;
  readonly base: number | null;
  /** Its parents that have not completed, while it waits for them. */
  open: number;
  /** How often it was lost alone since it was submitted, or retried. */
  lossesAlone: number;
  queue: string;
  priority: number;
  /** Its time has come; else it is hours away. */
  due: boolean;
  cancelRequested: boolean;
  worker: string | null;
  readonly lock: string | null;
  readonly parents: readonly number[];
  readonly tolerates: readonly number[];
  /** Cancelled only because a parent failed. */
  fallen: boolean;
  readonly unique: Submission['unique'];
  readonly idempotency: Submission['idempotency'];
  /** Its retries wait for hours; else not at all. */
  readonly slow: boolean;
  /** `event attempt`, as the ledger has them. */
  readonly ledger: string[];
  /** Its place among the creations. */
  born: number;
  /** When it got its ticket: the number of the operation; undefined = it has none. */
  ready: number | undefined;
}

/** What a key was last given to. */
export interface Key {
  job: number;
  readonly held?: 'waiting' | 'unfinished';
  readonly fingerprint?: string;
}

/** A claim somebody made: what a worker needs to settle it, also when it is too late. */
export interface ModelClaim {
  readonly job: number;
  readonly attempt: number;
  readonly limit: number | null;
}

/** All there is. Plain data: copying it copies the world. */
export interface World {
  jobs: ModelJob[];
  /** Of jobs that were discarded: the ids of idempotency keys that they still answer for. */
  purged: number[];
  locks: Record<string, number>;
  keys: Record<string, Key>;
  claims: ModelClaim[];
  operations: number;
}

/** What is comparable between the model and the database. */
export interface View {
  readonly jobs: Record<number, object>;
  readonly locks: Record<string, number>;
  /** The jobs that have a ticket, with its queue. */
  readonly line: readonly string[];
}

export type Changes = Partial<Pick<ModelJob, 'queue' | 'priority' | 'due'>>;

const ENDS = ['completed', 'failed', 'timed_out', 'interrupted', 'released', 'snoozed', 'cancelled'];
/** Tickets whose order was adopted are older than any that the model made. */
export const OLDEST = 1_000_000;

const MOST_LOSSES_ALONE = 3;

const RAISING: readonly OutcomeWord[] = [
  'interrupted',
  'interrupted alone',
  'released',
  'snoozed now',
  'snoozed',
];

export function isFinal({ status }: Pick<ModelJob, 'status'>): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}

export function isWaiting({ status }: Pick<ModelJob, 'status'>): boolean {
  return status === 'PENDING' || status === 'BLOCKED';
}

/** It waits for others to end. */
export function waitsForOthers({ status, open }: ModelJob): boolean {
  return status === 'BLOCKED' && open > 0;
}

/** The word in the ledger for an outcome. */
export function eventOf(outcome: OutcomeWord): string {
  return outcome.split(' ')[0]!;
}

export function record(job: ModelJob, event: string): void {
  job.ledger.push(`${event} ${job.attempts}`);
}

/** The claim of a job's present attempt. */
export function claimOf({ number, attempts, limit }: ModelJob): ModelClaim {
  return { job: number, attempt: attempts, limit };
}

/** What a handler brings too late is kept as evidence, once; that others gave its attempt up is none. */
export function recordRefusal(
  job: ModelJob | undefined,
  { attempt }: ModelClaim,
  outcome: OutcomeWord,
): void {
  const event = `result_refused ${attempt}`;
  if (['interrupted', 'released'].includes(eventOf(outcome)) || job?.ledger.includes(event)) return;
  job?.ledger.push(event);
}

/** How an attempt ended: the first end after its start. */
export function endOf(ledger: readonly string[], attempt: number): string | undefined {
  const start = ledger.indexOf(`started ${attempt}`);
  const ends = ENDS.map((end) => `${end} ${attempt}`);
  return start < 0
    ? undefined
    : ledger.find((event, at) => at > start && ends.includes(event))?.split(' ')[0];
}

export function holds(job: ModelJob, held: Key['held']): boolean {
  return held === 'unfinished' ? !isFinal(job) : isUnclaimed(job);
}

export function isUnclaimed(job: ModelJob): boolean {
  return isWaiting(job) && job.attempts === 0;
}

export function endedBadly(job: ModelJob): boolean {
  return job.status === 'FAILED' || job.status === 'CANCELLED';
}

/** Who goes first: the lower priority number, among equals who has started before. */
export function rank({ priority, attempts }: ModelJob): number {
  return -2 * priority + (attempts > 0 ? 1 : 0);
}

export function byBirth(a: ModelJob, b: ModelJob): number {
  return a.born - b.born;
}

export function byUniqueKey(a: ModelJob, b: ModelJob): number {
  return (a.unique?.key ?? -1) - (b.unique?.key ?? -1) || a.number - b.number;
}

/** What the outcome of its present attempt makes of a job. */
export function endAttempt(job: ModelJob, { attempt, limit }: ModelClaim, outcome: OutcomeWord): void {
  const isFailure = outcome === 'failed' || outcome === 'timed_out';
  const isSpent = limit !== null && attempt >= limit;
  if (outcome === 'interrupted alone') job.lossesAlone += 1;
  const isPoison = outcome === 'interrupted alone' && job.lossesAlone >= MOST_LOSSES_ALONE;
  const mayGoOn = !job.cancelRequested && outcome !== 'cancelled';
  if (mayGoOn && RAISING.includes(outcome) && job.limit !== null) job.limit += 1;
  job.fallen = false;
  if (job.cancelRequested || outcome === 'cancelled') job.status = 'CANCELLED';
  else if (outcome === 'completed') job.status = 'COMPLETED';
  else if (outcome === 'failed for good' || (isFailure && isSpent) || isPoison) job.status = 'FAILED';
  else {
    job.status = 'PENDING';
    job.due = !(outcome === 'snoozed' || (isFailure && job.slow));
  }
  record(job, job.status === 'CANCELLED' ? 'cancelled' : eventOf(outcome));
}

/** What of a world can be compared with the database. */
export function viewOfWorld({ jobs, locks }: World): View {
  const facts = jobs.map(({ number, due, ...job }) => {
    const { status, attempts, limit, open, queue, priority, cancelRequested, ledger, worker } = job;
    const shown = { status, attempts, limit, open, queue, priority, cancelRequested, ledger, worker };
    return [number, status === 'PENDING' ? { ...shown, due } : shown];
  });
  const line = jobs.flatMap(({ number, queue, ready }) =>
    ready === undefined ? [] : [`${number} ${queue}`],
  );
  return { jobs: Object.fromEntries(facts), locks: { ...locks }, line: line.sort() };
}

export function newJob(job: Submission, parents: readonly number[], open: number): ModelJob {
  return {
    ...job,
    parents,
    open,
    lossesAlone: 0,
    status: 'PENDING',
    attempts: 0,
    limit: job.max,
    base: job.max,
    due: !job.later,
    cancelRequested: false,
    fallen: false,
    worker: null,
    ledger: [],
    born: job.number,
    ready: undefined,
  };
}
