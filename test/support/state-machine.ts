import { JOB_STATUSES, type JobStatus } from '../../src/queue/index.js';

/** A move of a job, as docs/state-machine.md lists it. `–` = none, or as before. */
export interface Edge {
  /** `–` = the job did not exist. */
  readonly from: JobStatus | '–';
  readonly cause: string;
  /** `–` = it exists no longer. */
  readonly to: JobStatus | '–';
  /** What the ledger says. */
  readonly event: string;
  readonly attempts: '+1' | '–';
  /** What is added to `max_attempts`. */
  readonly limit: '+1' | '+base' | '–';
  /** `takes` = holds it after, `waits` = another holds it, `frees` = holds it no longer. */
  readonly lock: 'takes' | 'waits' | 'frees' | '–';
  /** Of a key held while unfinished; one held while waiting is given up at the first claim. */
  readonly key: 'takes' | 'frees' | '–';
}

/** What an operation does to a job in each state: the state it leads to, or why it leads nowhere. */
export type Cell =
  | JobStatus
  /** It exists no longer. */
  | 'gone'
  /** Refused with the job's state. */
  | '409'
  /** An outcome whose attempt has lost its claim: nothing is written. */
  | 'refused'
  /** An outcome that stands in the ledger already: its answer was lost, nothing is written twice. */
  | 'known'
  /** The operation is not about this job. */
  | '–';

/** The states in the order of the columns. */
export const STATES = JOB_STATUSES;

/**
 * Every operation in every state. The job is submitted with a lock and a unique key and has never started, unless
 * its state says so; BLOCKED is behind its lock.
 */
export const MATRIX: Readonly<Record<string, readonly Cell[]>> = {
  //                              BLOCKED     PENDING       PROCESSING    COMPLETED  FAILED     CANCELLED
  claim: ['–', 'PROCESSING', '–', '–', '–', '–'],
  completed: ['refused', 'refused', 'COMPLETED', 'known', 'refused', 'refused'],
  'failed, budget left': ['refused', 'refused', 'PENDING', 'refused', 'known', 'refused'],
  'failed, budget spent': ['refused', 'refused', 'FAILED', 'refused', 'known', 'refused'],
  'failed for good': ['refused', 'refused', 'FAILED', 'refused', 'known', 'refused'],
  'timed_out, budget left': ['refused', 'refused', 'PENDING', 'refused', 'refused', 'refused'],
  'timed_out, budget spent': ['refused', 'refused', 'FAILED', 'refused', 'refused', 'refused'],
  interrupted: ['refused', 'refused', 'PENDING', 'refused', 'refused', 'refused'],
  'lost alone for the third time': ['refused', 'refused', 'FAILED', 'refused', 'refused', 'refused'],
  released: ['refused', 'refused', 'PENDING', 'refused', 'refused', 'refused'],
  snoozed: ['refused', 'refused', 'PENDING', 'refused', 'refused', 'refused'],
  cancelled: ['refused', 'refused', 'CANCELLED', 'refused', 'refused', 'refused'],
  'its worker is lost': ['–', '–', 'PENDING', '–', '–', '–'],
  cancel: ['CANCELLED', 'CANCELLED', 'PROCESSING', '409', '409', '409'],
  retry: ['409', '409', '409', '409', 'PENDING', 'PENDING'],
  'run now': ['409', 'PENDING', '409', '409', '409', '409'],
  edit: ['BLOCKED', 'PENDING', '409', '409', '409', '409'],
  'edit to a later time': ['PENDING', 'PENDING', '409', '409', '409', '409'],
  discard: ['409', '409', '409', 'gone', 'gone', 'gone'],
  replace: ['BLOCKED', 'PENDING', '–', '–', '–', '–'],
  'replace by a later one': ['PENDING', 'PENDING', '–', '–', '–', '–'],
  'the same request again': ['–', '–', '–', '–', '–', '–'],
  promote: ['–', '–', '–', '–', '–', '–'],
  mend: ['–', '–', '–', '–', '–', '–'],
};

type Effects = Partial<Omit<Edge, 'from' | 'cause' | 'to' | 'event'>>;

const UNCHANGED = { attempts: '–', limit: '–', lock: '–', key: '–' } as const;
const ENDS = { lock: 'frees', key: 'frees' } as const;
const ENTERS = { lock: 'takes', key: 'takes' } as const;
const STARTS_OVER = { limit: '+base', key: 'takes' } as const;

function edge(from: Edge['from'], cause: string, to: Edge['to'], event: string, effects: Effects = {}): Edge {
  return { from, cause, to, event, ...UNCHANGED, ...effects };
}

/** Every edge of the state machine. */
export const EDGES: readonly Edge[] = [
  edge('–', 'submit', 'PENDING', '–', ENTERS),
  edge('–', 'submit for later', 'PENDING', '–', { key: 'takes' }),
  edge('–', 'submit, another holds its lock', 'BLOCKED', '–', { lock: 'waits', key: 'takes' }),
  edge('–', 'submit, a parent is unfinished', 'BLOCKED', '–', { key: 'takes' }),
  edge('–', 'submit, a parent has failed', 'CANCELLED', 'cancelled'),

  edge('PENDING', 'claim', 'PROCESSING', 'started', { attempts: '+1' }),
  edge('PENDING', 'its time comes, another holds its lock', 'BLOCKED', 'blocked', { lock: 'waits' }),
  edge('PENDING', 'cancel', 'CANCELLED', 'cancelled', ENDS),
  edge('PENDING', 'run now', 'PENDING', 'run_now', { lock: 'takes' }),
  edge('PENDING', 'run now, another holds its lock', 'BLOCKED', 'run_now', { lock: 'waits' }),
  edge('PENDING', 'edit', 'PENDING', 'updated'),
  edge('PENDING', 'edit to a later time', 'PENDING', 'updated', { lock: 'frees' }),
  edge('PENDING', 'edit to now, another holds its lock', 'BLOCKED', 'updated', { lock: 'waits' }),
  edge('PENDING', 'replace', 'PENDING', 'replaced'),
  edge('PENDING', 'replace by a later one', 'PENDING', 'replaced', { lock: 'frees' }),
  edge('PENDING', 'replace by one for now, another holds its lock', 'BLOCKED', 'replaced', { lock: 'waits' }),

  edge('BLOCKED', 'its lock is free', 'PENDING', 'unblocked', { lock: 'takes' }),
  edge('BLOCKED', 'its last parent completes', 'PENDING', 'unblocked', { lock: 'takes' }),
  edge('BLOCKED', 'its last parent completes, another holds its lock', 'BLOCKED', 'blocked', {
    lock: 'waits',
  }),
  edge('BLOCKED', 'its last parent fails, and it goes on', 'PENDING', 'unblocked', { lock: 'takes' }),
  edge('BLOCKED', 'a parent fails', 'CANCELLED', 'cancelled', { key: 'frees' }),
  edge('BLOCKED', 'a parent is cancelled', 'CANCELLED', 'cancelled', { key: 'frees' }),
  edge('BLOCKED', 'cancel', 'CANCELLED', 'cancelled', { key: 'frees' }),
  edge('BLOCKED', 'edit', 'BLOCKED', 'updated'),
  edge('BLOCKED', 'edit to a later time', 'PENDING', 'updated'),
  edge('BLOCKED', 'replace', 'BLOCKED', 'replaced'),
  edge('BLOCKED', 'replace by a later one', 'PENDING', 'replaced'),

  edge('PROCESSING', 'completed', 'COMPLETED', 'completed', ENDS),
  edge('PROCESSING', 'failed, budget left', 'PENDING', 'failed'),
  edge('PROCESSING', 'failed, budget spent', 'FAILED', 'failed', ENDS),
  edge('PROCESSING', 'failed for good', 'FAILED', 'failed', ENDS),
  edge('PROCESSING', 'timed_out, budget left', 'PENDING', 'timed_out'),
  edge('PROCESSING', 'timed_out, budget spent', 'FAILED', 'timed_out', ENDS),
  edge('PROCESSING', 'interrupted', 'PENDING', 'interrupted', { limit: '+1' }),
  edge('PROCESSING', 'lost alone for the third time', 'FAILED', 'interrupted', { limit: '+1', ...ENDS }),
  edge('PROCESSING', 'released', 'PENDING', 'released', { limit: '+1' }),
  edge('PROCESSING', 'snoozed', 'PENDING', 'snoozed', { limit: '+1' }),
  edge('PROCESSING', 'cancelled', 'CANCELLED', 'cancelled', ENDS),
  edge('PROCESSING', 'its worker is lost', 'PENDING', 'interrupted', { limit: '+1' }),
  edge('PROCESSING', 'cancel', 'PROCESSING', 'cancel_requested'),
  edge('PROCESSING', 'any outcome after a cancel', 'CANCELLED', 'cancelled', ENDS),
  edge('PROCESSING', 'its worker is lost after a cancel', 'CANCELLED', 'cancelled', ENDS),

  edge('FAILED', 'retry', 'PENDING', 'retried', { ...STARTS_OVER, lock: 'takes' }),
  edge('FAILED', 'retry, another holds its lock', 'BLOCKED', 'retried', { ...STARTS_OVER, lock: 'waits' }),
  edge('CANCELLED', 'retry', 'PENDING', 'retried', { ...STARTS_OVER, lock: 'takes' }),
  edge('CANCELLED', 'retry, another holds its lock', 'BLOCKED', 'retried', { ...STARTS_OVER, lock: 'waits' }),
  edge('CANCELLED', 'retry, a parent is unfinished', 'BLOCKED', 'retried', STARTS_OVER),
  edge('CANCELLED', 'the parent it was cancelled with runs again', 'BLOCKED', 'revived', { key: 'takes' }),
  edge('COMPLETED', 'discard', '–', '–', { key: 'frees' }),
  edge('FAILED', 'discard', '–', '–', { key: 'frees' }),
  edge('CANCELLED', 'discard', '–', '–', { key: 'frees' }),
];

/** The edge that a cell of the matrix stands for. */
export function edgeOf(from: JobStatus, cause: string): Edge | undefined {
  return EDGES.find((candidate) => candidate.from === from && candidate.cause === cause);
}

/** The edges that no cell of the matrix stands for: they need more than the job itself. */
export const EDGES_AMONG_JOBS = EDGES.filter(({ cause }) => !(cause in MATRIX));
