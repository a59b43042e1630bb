import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, IdGenerator, traced } from '../../common/index.js';
import {
  CommitUnknownError,
  Postgres,
  type Session,
  asUnavailable,
  isContention,
  retryConflicts,
  sessionOf,
} from '../../database/index.js';
import { type Fault, type GivenUp, GroupCommit } from './group-commit.js';
import { JobEvents } from '../job-events.js';
import { type Enqueued, JobIntake } from './job-intake.js';
import { JobTypeCatalog } from '../external-types/job-type-catalog.js';
import type { Job } from '../job.entity.js';
import { SELECT_JOBS } from '../jobs.sql.js';
import { type NewJob, type ResolvedJob, isGuarded, resolveJob } from './new-job.js';
import { TargetQueues } from './target-queues.js';
import type { SpanAttributes } from '../../common/tracing.js';

/** Rows a commit takes along: past this size they cost more time than they save commits. */
const GROUP_SIZE = 500;

/** More than these cannot be stored while their callers still wait for the answer. */
const MOST_WAITING = 100_000;

/** A caller is answered within this time (ms), although every statement may take as long before it is given up. */
const LONGEST_ANSWER_MS = 4_000;

/** How long (ms) a group waits for a key or a lock that some transaction holds, and a call on its own at most. */
const GROUP_PATIENCE_MS = 200;
const OWN_PATIENCE_MS = 2_500;

export const SET_PATIENCE = `SELECT set_config('lock_timeout', $1::text, true)`;

const HELD = 'Another transaction holds a key, a lock or a job that this one needs: send it again';

const GIVEN_UP: Readonly<Record<GivenUp, string>> = {
  full: 'Too many jobs wait to be stored, and the job was not accepted: send it again shortly',
  waiting: 'The database is too slow right now, and the job was not accepted: send it again shortly',
  held: HELD,
  'under way':
    'The database did not answer in time, so it is unknown whether the job was accepted: send it again, with the same Idempotency-Key',
};

const BOUNDS = {
  faultOf,
  groupSize: GROUP_SIZE,
  mostWaiting: MOST_WAITING,
  patienceMs: LONGEST_ANSWER_MS,
  giveUp: (when: GivenUp) =>
    new DomainError('database_unavailable', GIVEN_UP[when], { retryAfterSeconds: 2 }),
};

/** Accepts jobs. */
@Injectable()
export class Enqueuer {
  /** Jobs that wait for nobody are stored apart from those that may have to wait for a stranger's transaction. */
  private readonly plain = new GroupCommit<ResolvedJob, Enqueued>({
    ...BOUNDS,
    write: (jobs, _, gotOn) =>
      this.commit(
        jobs,
        (session) => this.intake.take(noting(session, gotOn), jobs),
        () => this.intake.takeAtOnce(jobs),
      ),
  });
  private readonly guarded = new GroupCommit<ResolvedJob, Enqueued>({
    ...BOUNDS,
    write: (jobs, patienceMs, gotOn) =>
      this.commit(jobs, async (session) => {
        const patience = Math.min(patienceMs ?? GROUP_PATIENCE_MS, OWN_PATIENCE_MS);
        await session.query(SET_PATIENCE, [Math.ceil(patience)]);
        await this.types.hold(session, jobs);
        return this.intake.take(noting(session, gotOn), jobs);
      }),
  });

  constructor(
    private readonly postgres: Postgres,
    private readonly queues: TargetQueues,
    private readonly intake: JobIntake,
    private readonly types: JobTypeCatalog,
    private readonly ids: IdGenerator,
    private readonly events: JobEvents,
  ) {}

  async enqueue(jobs: readonly NewJob[], manager?: EntityManager): Promise<Enqueued[]> {
    if (jobs.length === 0) return [];
    return traced('enqueue', { kind: 'producer' }, async (span) => {
      const enqueued = await this.accept(jobs, manager);
      span?.set(attributesOf(enqueued));
      return enqueued;
    });
  }

  async check(jobs: readonly NewJob[]): Promise<void> {
    await this.queues.check(await this.resolve(jobs)).catch(rethrowUnavailable);
  }

  private async accept(jobs: readonly NewJob[], manager?: EntityManager): Promise<Enqueued[]> {
    const resolved = await this.resolve(jobs);
    const session = manager ? await sessionOf(manager) : undefined;
    await this.queues.check(resolved).catch(rethrowUnavailable);
    const enqueued = session ? await this.join(session, resolved) : await this.store(resolved);
    this.events.emit(
      'enqueued',
      enqueued.filter(({ created }) => created).map(({ job }) => job),
    );
    return enqueued;
  }

  private async resolve(jobs: readonly NewJob[]): Promise<ResolvedJob[]> {
    const typed = await this.types.withTypes(jobs).catch(rethrowUnavailable);
    return typed.map(({ job, type }) => resolveJob(job, type, () => this.ids.next()));
  }

  /**
   * Stores jobs in the caller's transaction. The engine creates queues on a connection of its own, and a transaction that
   * sees the state of its beginning would not see them any more: they are created before its first statement of ours.
   */
  private async join(session: Session, jobs: readonly ResolvedJob[]): Promise<Enqueued[]> {
    await this.queues.create(jobs).catch(rethrowUnavailable);
    await this.types.hold(session, jobs);
    return this.intake.take(session, jobs);
  }

  /** Whether a job that asks for keys is new is known in its transaction only, where quotas are held against it. */
  private async store(jobs: readonly ResolvedJob[]): Promise<Enqueued[]> {
    try {
      if (jobs.some(waitsForOthers)) return await this.guarded.add(jobs);
      await this.queues.admit(jobs);
      return await this.plain.add(jobs);
    } finally {
      this.queues.settle(jobs);
    }
  }

  private async commit(
    jobs: readonly ResolvedJob[],
    work: (session: Session) => Promise<Enqueued[]>,
    atOnce: () => Promise<Enqueued[] | undefined> = () => Promise.resolve(undefined),
  ): Promise<Enqueued[]> {
    try {
      return (await atOnce()) ?? (await retryConflicts(() => this.postgres.transaction(work)));
    } catch (error) {
      if (error instanceof CommitUnknownError) return this.lookUpAfterLostCommit(jobs, error);
      return rethrowUnavailable(error);
    }
  }

  /** The connection broke while committing: what is there was accepted, all of it or nothing. */
  private async lookUpAfterLostCommit(jobs: readonly ResolvedJob[], cause: Error): Promise<Enqueued[]> {
    const ids = jobs.map((job) => job.id);
    const { rows } = await this.postgres
      .query<Job>(SELECT_JOBS, [ids])
      .catch(() => rethrowUnavailable(cause));
    const found = new Map(rows.map((job) => [job.id, job]));
    return ids.map((id, index) => {
      const job = found.get(id);
      if (!job) return rethrowUnavailable(cause);
      return { job, created: ids.indexOf(id) === index, replayed: false };
    });
  }
}

/** What a trace tells of jobs that were enqueued together. */
function attributesOf(enqueued: readonly Enqueued[]): SpanAttributes {
  const [one] = enqueued.length === 1 ? enqueued : [];
  return {
    'messaging.system': 'roundhouse',
    'messaging.operation.type': 'send',
    'messaging.batch.message_count': enqueued.length,
    'messaging.destination.name': one?.job.queue,
    'messaging.message.id': one?.job.id,
    'roundhouse.job.type': one?.job.type,
  };
}

/** Calls back whenever a statement was answered. */
function noting(session: Session, answered: () => void): Session {
  return {
    query: async (text, values) => {
      const result = await session.query<never>(text, values);
      answered();
      return result;
    },
  };
}

/** Whether a job may have to wait for what somebody else's transaction holds. */
function waitsForOthers(job: ResolvedJob): boolean {
  return job.is_external || isGuarded(job);
}

/** What fails every caller alike. */
const OUTAGES: ReadonlySet<string> = new Set(['database_unavailable', 'storage_full']);

/** Rows that others hold are worth waiting for, alone; a database that is away fails all alike. */
function faultOf(error: unknown): Fault {
  if (!(error instanceof DomainError) || !OUTAGES.has(error.code)) return 'own';
  return isContention(error.cause) ? 'contention' : 'everybodys';
}

/** Asking again is the way out: of a refusal, and of the doubt in which a lost connection leaves the caller. */
export function rethrowUnavailable(error: unknown): never {
  const words =
    error instanceof CommitUnknownError
      ? 'The connection was lost at the commit, so it is unknown whether the job was accepted: send it again, with the same Idempotency-Key'
      : isContention(error)
        ? HELD
        : undefined;
  throw asUnavailable(error, words) ?? error;
}
