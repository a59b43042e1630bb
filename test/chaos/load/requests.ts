import type { Chance } from '../chance.js';

/** What a job is there to show. */
export type JobKind =
  'plain' | 'failing' | 'hopeless' | 'long' | 'locked' | 'unique' | 'transaction' | 'scheduled';

const JOB_WEIGHTS: Readonly<Record<JobKind, number>> = {
  plain: 40,
  failing: 12,
  hopeless: 2,
  long: 4,
  locked: 16,
  unique: 6,
  transaction: 14,
  scheduled: 6,
};

/** A job that is asked for. */
export interface WantedJob {
  /** Names the request inside the payload, whatever id its job gets. */
  readonly marker: string;
  readonly kind: JobKind;
  /** Seconds until its start. */
  readonly waits: number;
  readonly body: Record<string, unknown>;
  /** Of a job of a workflow: whom it waits for. */
  readonly after?: readonly Edge[];
}

/** Another job of the same workflow, by its marker. */
export interface Edge {
  readonly marker: string;
  readonly onFailure: 'cancel' | 'continue';
}

/** How it is asked for. */
export type Form = 'keyed' | 'once' | 'twin' | 'batch' | 'family' | 'workflow';

/** Jobs that are asked for together. */
export interface Wish {
  readonly form: Form;
  readonly jobs: readonly WantedJob[];
}

const FORM_WEIGHTS: Readonly<Record<Form, number>> = {
  keyed: 60,
  once: 14,
  twin: 10,
  batch: 4,
  family: 8,
  workflow: 4,
};

/** Few enough that jobs meet. */
const LOCKS = 12;
const UNIQUE_KEYS = 8;

/** Makes up what clients want, the same for the same chance. */
export class WishList {
  private count = 0;

  constructor(private readonly chance: Chance) {}

  next(): Wish {
    const form = this.chance.pick(FORM_WEIGHTS);
    const sizes: Record<Form, number> = {
      keyed: 1,
      once: 1,
      twin: 1,
      batch: this.chance.integer(3, 20),
      family: this.chance.integer(2, 3),
      workflow: this.chance.integer(3, 12),
    };
    const jobs = Array.from({ length: sizes[form] }, () => this.job(this.kindFor(form)));
    return { form, jobs: form === 'workflow' ? this.related(jobs) : jobs };
  }

  /** Each waits for up to three of those before it. */
  private related(jobs: readonly WantedJob[]): WantedJob[] {
    return jobs.map((job, index) => {
      const before = jobs.slice(0, index).filter(() => this.chance.next() < 2 / (index + 1));
      const after = before.slice(-3).map(({ marker }) => ({
        marker,
        onFailure: this.chance.pick({ cancel: 2, continue: 1 }),
      }));
      return { ...job, after };
    });
  }

  /** Batches and families stay apart from jobs that may be answered by another one. */
  private kindFor(form: Form): JobKind {
    const kind = this.chance.pick(JOB_WEIGHTS);
    return kind === 'unique' && form !== 'keyed' ? 'plain' : kind;
  }

  private job(kind: JobKind): WantedJob {
    const { chance } = this;
    const marker = `job ${(this.count += 1)}`;
    const waits = kind === 'scheduled' ? chance.integer(1, 8) : 0;
    const ms = kind === 'long' ? chance.integer(1_500, 6_000) : chance.integer(1, 120);
    const fails = { failing: chance.integer(1, 2), hopeless: 99, locked: chance.next() < 0.1 ? 1 : 0 };
    const payload = {
      marker,
      ms,
      ...(kind in fails ? { fails: fails[kind as keyof typeof fails] } : {}),
      ...(kind === 'transaction' ? { spawns: chance.next() < 0.3 } : {}),
    };
    return {
      marker,
      kind,
      waits,
      body: { ...bodyOf(kind, chance), payload, ...(waits ? { schedule_in: waits } : {}) },
    };
  }
}

function bodyOf(kind: JobKind, chance: Chance): Record<string, unknown> {
  const priority = chance.integer(1, 10);
  if (kind === 'transaction') return { type: 'chaos_transaction', priority };
  const body = { type: 'chaos_work', priority };
  if (kind === 'hopeless') return { ...body, max_attempts: 2 };
  if (kind === 'locked') return { ...body, lock: `lock ${chance.integer(1, LOCKS)}` };
  if (kind === 'unique')
    return { ...body, unique: { key: `unique ${chance.integer(1, UNIQUE_KEYS)}`, while: 'unfinished' } };
  return body;
}
