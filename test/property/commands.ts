import fc from 'fast-check';
import type { Model } from './model.js';
import { type ModelClaim, type ModelJob, isFinal, isWaiting } from './model-job.js';

export type OutcomeWord =
  | 'completed'
  | 'failed'
  | 'failed for good'
  | 'timed_out'
  | 'interrupted'
  | 'interrupted alone'
  | 'released'
  | 'snoozed'
  | 'snoozed now'
  | 'cancelled';

/** A job as it is asked for. */
export interface Submission {
  readonly number: number;
  readonly queue: string;
  readonly priority: number;
  readonly later: boolean;
  readonly max: number | null;
  readonly slow: boolean;
  readonly lock: string | null;
  readonly unique: {
    readonly key: number;
    readonly while: 'waiting' | 'unfinished';
    readonly onConflict: 'return' | 'replace' | 'reject';
  } | null;
  readonly idempotency: { readonly key: number; readonly fingerprint: string } | null;
  readonly parents: readonly number[];
  /** Those of them after whose failure it goes on. */
  readonly tolerates: readonly number[];
}

/** What is done to the queue, with every job named. */
export type Action =
  | { readonly do: 'submit'; readonly job: Submission }
  | { readonly do: 'claim'; readonly queue: string; readonly limit: number; readonly worker: string }
  | { readonly do: 'settle'; readonly claims: readonly ModelClaim[]; readonly outcome: OutcomeWord }
  | { readonly do: 'crash'; readonly worker: string }
  | { readonly do: 'cancel' | 'retry' | 'run now' | 'discard'; readonly jobs: readonly number[] }
  | {
      readonly do: 'edit';
      readonly jobs: readonly number[];
      readonly changes: { queue?: string; priority?: number; due?: boolean };
    }
  /** The time of scheduled jobs comes, and the promoter. */
  | { readonly do: 'pass'; readonly jobs: readonly number[] }
  | { readonly do: 'mend' };

/** A command before it is known which jobs there are: it points at them by numbers of any size. */
export interface Command {
  readonly do: Action['do'] | 'settle late';
  /** Points at jobs or claims; the first bits choose whether only at those for which it is meant. */
  readonly at: readonly number[];
  readonly job: Omit<Submission, 'number' | 'parents' | 'tolerates'>;
  readonly outcome: OutcomeWord;
  readonly limit: number;
  readonly worker: string;
  readonly changes: { queue?: string; priority?: number; due?: boolean };
}

/** One command, or two at the same time. */
export type Step = readonly [Command] | readonly [Command, Command];

export const QUEUES = ['a', 'b'] as const;
export const WORKERS = ['w1', 'w2'] as const;

const queue = fc.constantFrom(...QUEUES);
const priority = fc.constantFrom(5, 5, 2, 8);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });

const submission = fc.record({
  queue: fc.constantFrom('a', 'a', 'a', 'b'),
  priority,
  later: fc.constantFrom(false, false, false, true),
  max: fc.constantFrom(1, 2, 3, null),
  slow: fc.boolean(),
  lock: sometimes(fc.constantFrom('x', 'x', 'y')),
  unique: sometimes(
    fc.record({
      key: fc.nat(1),
      while: fc.constantFrom('waiting', 'unfinished'),
      onConflict: fc.constantFrom('return', 'replace', 'replace', 'reject'),
    }),
  ),
  idempotency: sometimes(fc.record({ key: fc.nat(1), fingerprint: fc.constantFrom('f', 'f', 'f', 'g') })),
});

const outcome = fc.constantFrom<OutcomeWord>(
  'completed',
  'completed',
  'failed',
  'failed',
  'failed for good',
  'timed_out',
  'interrupted',
  'interrupted alone',
  'interrupted alone',
  'released',
  'snoozed',
  'snoozed now',
  'cancelled',
);

const changes = fc.oneof(
  fc.record({ priority }),
  fc.record({ queue }),
  fc.record({ due: fc.boolean() }),
  fc.record({ priority, due: fc.boolean() }),
);

const WORDS: readonly [Command['do'], number][] = [
  ['submit', 8],
  ['claim', 6],
  ['settle', 6],
  ['settle late', 1],
  ['cancel', 2],
  ['retry', 3],
  ['run now', 1],
  ['edit', 2],
  ['discard', 1],
  ['pass', 2],
  ['crash', 1],
  ['mend', 1],
];

const command: fc.Arbitrary<Command> = fc.record({
  do: fc.constantFrom(...WORDS.flatMap(([word, weight]) => Array<Command['do']>(weight).fill(word))),
  at: fc.array(fc.nat(255), { minLength: 1, maxLength: 2 }),
  job: submission,
  outcome,
  limit: fc.integer({ min: 1, max: 3 }),
  worker: fc.constantFrom(...WORKERS),
  changes,
});

/** A sequence of 10 to 30 steps, most of them short. @param pairs one in so many steps is two commands at the same time; 0 = none */
export function steps(pairs: number): fc.Arbitrary<Step[]> {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { arbitrary: fc.tuple(command), weight: Math.max(1, pairs - 1) },
    { arbitrary: fc.tuple(command, command), weight: pairs === 0 ? 0 : 1 },
  );
  const sequence = (maxLength: number) => fc.array(step, { minLength: 10, maxLength, size: 'max' });
  return fc.oneof({ arbitrary: sequence(14), weight: 3 }, { arbitrary: sequence(30), weight: 1 });
}

const MEANT_FOR: Partial<Record<Command['do'], (job: ModelJob) => boolean>> = {
  cancel: (job) => !isFinal(job),
  retry: ({ status }) => status === 'FAILED' || status === 'CANCELLED',
  'run now': ({ status, due }) => status === 'PENDING' && !due,
  edit: isWaiting,
  discard: isFinal,
  pass: (job) => isWaiting(job) && !job.due,
};

/**
 * Names the jobs that a command points at; undefined when there are none.
 * @param number the number of the job that it may make
 */
export function resolve(wanted: Command, model: Model, number: number): Action | undefined {
  const { jobs, claims } = model.world;
  switch (wanted.do) {
    case 'submit':
      return {
        do: 'submit',
        job: { ...wanted.job, ...keysAgain(wanted, model), number, ...parentsFor(wanted, model) },
      };
    case 'claim':
      return { do: 'claim', queue: wanted.job.queue, limit: wanted.limit, worker: wanted.worker };
    case 'settle': {
      const current = claims.filter(({ job, attempt }) =>
        jobs.some((one) => one.number === job && one.status === 'PROCESSING' && one.attempts === attempt),
      );
      return settling(wanted, current);
    }
    case 'settle late':
      return settling(wanted, claims);
    case 'crash':
      return { do: 'crash', worker: wanted.worker };
    case 'mend':
      return { do: 'mend' };
    default: {
      const named = [
        ...new Set(wanted.at.flatMap((at) => pointAt(at, jobs, MEANT_FOR[wanted.do])?.number ?? [])),
      ];
      if (named.length === 0) return undefined;
      return wanted.do === 'edit'
        ? { do: 'edit', jobs: named, changes: wanted.changes }
        : { do: wanted.do, jobs: named };
    }
  }
}

/** Every other job asks for the keys of an earlier one, as a client does that sends its request again. */
function keysAgain(
  { at }: Command,
  { world: { jobs } }: Model,
): Pick<Submission, 'unique' | 'idempotency'> | object {
  const earlier = at[0]! % 2 === 0 ? undefined : pointAt(at[0]!, jobs);
  return earlier ? { unique: earlier.unique, idempotency: earlier.idempotency } : {};
}

/** Two in five jobs have parents, and go on after the failure of every other one. */
function parentsFor(
  { at, limit }: Command,
  { world: { jobs } }: Model,
): Pick<Submission, 'parents' | 'tolerates'> {
  if (at[0]! % 5 > 1) return { parents: [], tolerates: [] };
  const parents = at
    .slice(0, limit)
    .flatMap((one) => pointAt(one, jobs, (job) => !isFinal(job))?.number ?? []);
  const distinct = [...new Set(parents)];
  return { parents: distinct, tolerates: distinct.filter((_, index) => (at[index] ?? 0) % 3 === 0) };
}

function settling({ at, outcome: word }: Command, claims: readonly ModelClaim[]): Action | undefined {
  const chosen = at.flatMap((one) => claims[one % claims.length] ?? []);
  const distinct = [...new Map(chosen.map((claim) => [claim.job, claim])).values()];
  return distinct.length === 0 ? undefined : { do: 'settle', claims: distinct, outcome: word };
}

/** Mostly a job for which the command is meant, now and then any. */
function pointAt(
  at: number,
  jobs: readonly ModelJob[],
  isMeant: (job: ModelJob) => boolean = () => true,
): ModelJob | undefined {
  const meant = jobs.filter(isMeant);
  const candidates = at % 8 === 0 || meant.length === 0 ? jobs : meant;
  return candidates[(at >> 3) % candidates.length];
}
