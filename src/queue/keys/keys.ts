import { Inject, Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres, type Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import { LOCK_JOBS, SELECT_JOBS, SELECT_PURGED_JOBS } from '../jobs.sql.js';
import {
  KeyBook,
  type KeyClaim,
  type KeyDecision,
  type TakenKey,
  isWaitingUnclaimed,
  keyId,
  keysOf,
} from './key-book.js';
import { REASSIGN_KEYS, SWEEP_KEYS, TAKE_KEYS } from './keys.sql.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import { Tickets } from '../line/tickets.js';

/** Keys looked at in one round of sweeping. */
const SWEEP_BATCH = 5_000;

type KeyRow = TakenKey & { readonly purgedJob: object | null };

/** What the keys of a call mean. */
export interface KeyVerdict {
  /** One for each job of the call. */
  readonly decisions: readonly KeyDecision[];
  /** The jobs that decisions name, as far as they were there before; purged ones without payload and result. */
  readonly holders: ReadonlyMap<string, Job>;
}

/** Idempotency keys and unique keys. Both are rows that a submission takes before it stores a job. */
@Injectable()
export class Keys {
  private swept: Pick<KeyClaim, 'key' | 'owner'> & { kind: string } = { kind: '', key: '', owner: '' };

  constructor(
    private readonly postgres: Postgres,
    private readonly tickets: Tickets,
    private readonly clock: DatabaseClock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes the keys of these jobs and decides what they mean; a job to be replaced is locked and out of the line.
   * @throws DomainError idempotency_key_reused, job_already_exists
   */
  async decide(session: Session, jobs: readonly ResolvedJob[]): Promise<KeyVerdict> {
    const claims = jobs.map((job) => keysOf(job, this.config.jobs.idempotencySeconds));
    if (claims.every((list) => list.length === 0))
      return { decisions: jobs.map(() => NEW), holders: new Map() };
    const taken = await this.take(session, claims.flat());
    const holders = await this.holdersOf(session, taken);
    const purged = new Set(taken.filter((key) => key.purgedJob).map((key) => key.jobId));
    const now = this.clock.now();
    const decide = () => {
      const book = new KeyBook(taken, holders, purged, now);
      return { book, decisions: jobs.map((job, index) => book.decide(job, claims[index] ?? [])) };
    };
    let decided = decide();
    // Some may have been claimed before they were ours: they are decided on as they are now.
    if (await this.lockReplaced(session, decided.decisions, holders)) decided = decide();
    await this.store(session, decided.book.changes());
    return { decisions: decided.decisions, holders };
  }

  /**
   * Takes again the unique key of a job that is to run once more and wants it (`wantsKeyAgain`). Answers with the job
   * that has it, if another does.
   */
  async retake(session: Session, job: Job): Promise<string | undefined> {
    if (job.uniqueKey === null) return undefined;
    const claim: KeyClaim = {
      kind: 'unique',
      key: job.uniqueKey,
      owner: '',
      job_id: job.id,
      fingerprint: null,
      held_while: job.uniqueWhile,
      seconds: null,
    };
    const taken = await this.take(session, [claim]);
    const holders = await this.holdersOf(session, taken);
    const book = new KeyBook(taken, holders, new Set(), this.clock.now());
    if (taken[0]?.jobId === job.id) return undefined;
    const decision = book.decide({ ...ASKING_AGAIN, id: job.id }, [claim]);
    if (decision.kind !== 'new') return decision.jobId;
    await this.store(session, book.changes());
    return undefined;
  }

  /** Forgets some keys that hold nobody back any more; each call goes on where the last one ended. */
  async sweep(): Promise<number> {
    const { kind, key, owner } = this.swept;
    const { rows } = await this.postgres.query<{ kind: string; key: string; owner: string; swept: number }>(
      SWEEP_KEYS,
      [kind, key, owner, SWEEP_BATCH],
    );
    const [last] = rows;
    this.swept = last ?? { kind: '', key: '', owner: '' };
    return last?.swept ?? 0;
  }

  private async take(session: Session, claims: readonly KeyClaim[]): Promise<KeyRow[]> {
    const distinct = new Map<string, KeyClaim>();
    for (const claim of claims) if (!distinct.has(keyId(claim))) distinct.set(keyId(claim), claim);
    const { rows } = await session.query<KeyRow>(TAKE_KEYS, [JSON.stringify([...distinct.values()])]);
    return rows;
  }

  private async holdersOf(session: Session, taken: readonly KeyRow[]): Promise<Map<string, Job>> {
    const purged = taken.flatMap((key) => (key.purgedJob ? [key.purgedJob] : []));
    const { rows } = await session.query<Job>(SELECT_JOBS, [taken.map((key) => key.jobId)]);
    const { rows: gone } =
      purged.length > 0
        ? await session.query<Job>(SELECT_PURGED_JOBS, [JSON.stringify(purged)])
        : { rows: [] };
    return new Map([...gone, ...rows].map((job) => [job.id, job]));
  }

  /**
   * Ticket before job, as a claim takes them; the other way round the two would wait for each other. Only of jobs that
   * are replaced: nobody would give the others their ticket back.
   * @returns whether there were any
   */
  private async lockReplaced(
    session: Session,
    decisions: readonly KeyDecision[],
    holders: Map<string, Job>,
  ): Promise<boolean> {
    const replaced = new Set(decisions.flatMap((one) => (one.kind === 'replace' ? [one.jobId] : [])));
    const found = [...replaced].flatMap((id) => holders.get(id) ?? []);
    if (found.length === 0) return false;
    await this.tickets.remove(session, found);
    const { rows } = await session.query<Job>(LOCK_JOBS, [found.map((job) => job.id)]);
    await this.tickets.removeNewer(session, rows);
    // One that was claimed and given back meanwhile is not replaced: its ticket was not ours to take.
    await this.tickets.insert(
      session,
      rows.filter((job) => !isWaitingUnclaimed(job) && job.status === 'PENDING' && job.ticketed),
    );
    for (const job of rows) holders.set(job.id, job);
    return true;
  }

  private async store(session: Session, changes: readonly KeyClaim[]): Promise<void> {
    if (changes.length > 0) await session.query(REASSIGN_KEYS, [JSON.stringify(changes)]);
  }
}

const NEW: KeyDecision = { kind: 'new' };

/** A retry by hand neither replaces nor rejects: it only asks whether the key is free. */
export const ASKING_AGAIN = { on_conflict: 'return', at: '' } as ResolvedJob;

/** A key for a time is not prolonged, and one that is held while waiting is given up at the first claim. */
export function wantsKeyAgain({ uniqueKey, uniqueWhile, attempts }: Job): boolean {
  return (
    uniqueKey !== null && (uniqueWhile === 'unfinished' || (uniqueWhile === 'waiting' && attempts === 0))
  );
}
