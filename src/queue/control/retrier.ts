import { Injectable } from '@nestjs/common';
import { Postgres, type Session, inPortions, retryConflicts } from '../../database/index.js';
import { Dependencies, type Parent } from '../blocking/dependencies.js';
import type { Job } from '../job.entity.js';
import { LOCK_JOBS, SELECT_JOBS } from '../jobs.sql.js';
import { Keys, wantsKeyAgain } from '../keys/keys.js';
import { lineUp } from '../line/line-up.js';
import { Placement } from '../blocking/placement.js';
import { Tickets } from '../line/tickets.js';
import { WorkflowTally } from '../workflows/workflow-tally.js';
import { type Managed, type Witness, inOrder, refused } from './managed.js';
import { SELECT_FOLLOWERS, SELECT_STATUSES } from './revival.sql.js';
import { type Candidates, type Revival, mayRetry, revivalOf, reviving } from './revival.js';

/** A job came, or was cancelled, while those were looked for that are to run again: look again. */
class LateFollowerError extends Error {}

/**
 * Lets jobs that failed or were cancelled run once more, under the same id, and with them those that were cancelled
 * because of them. They re-enter like new ones.
 */
@Injectable()
export class Retrier {
  constructor(
    private readonly postgres: Postgres,
    private readonly keys: Keys,
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly tickets: Tickets,
    private readonly workflows: WorkflowTally,
  ) {}

  /** Each job is retried or refused on its own; all that are retried are in one transaction. */
  async retry(
    ids: readonly string[],
    actor: string,
    witness: Witness = () => Promise.resolve(),
  ): Promise<Managed[]> {
    const transaction = () =>
      this.postgres.transaction((session) => this.revive(session, ids, { actor, witness }));
    for (;;) {
      try {
        return inOrder(ids, await retryConflicts(transaction));
      } catch (error) {
        if (!(error instanceof LateFollowerError)) throw error;
      }
    }
  }

  /** Keys before parents before jobs before locks before workflows, as a submission takes them. */
  private async revive(
    session: Session,
    ids: readonly string[],
    { actor, witness }: { actor: string; witness: Witness },
  ): Promise<Managed[]> {
    const followers = await this.followersOf(session, ids);
    const all = [...new Set([...ids, ...followers])];
    const found = await inPortions<Job>(session, SELECT_JOBS, all);
    const seen = new Set(found.filter(mayRetry).map(({ id }) => id));
    const tolerated = await this.dependencies.toleratedOf(session, parentsOf(found));
    const keyHolders = await this.retakeKeys(session, found, ids, tolerated);
    const parents = await this.dependencies.holdParents(session, parentsOf(found));
    const locked = await inPortions<Job>(session, LOCK_JOBS, all);
    const [jobs, late] = partition(locked, (job) => !mayRetry(job) || seen.has(job.id));
    const revival = revivalOf({ ...sorted(jobs, ids), parents, tolerated, keyHolders });
    await this.refuseLate(session, revival, all);
    const placed = await this.place(session, revival, parents, actor);
    const managed: Managed[] = [
      ...revival.refusals,
      ...sorted(late, ids).asked.map((job) => refused(job, 'it has ended just now: ask again')),
      ...placed.map((job) => ({ id: job.id, result: 'done' as const, job })),
    ];
    await witness(session, managed, locked);
    return managed;
  }

  private async followersOf(session: Session, ids: readonly string[]): Promise<string[]> {
    return (await session.query<{ id: string }>(SELECT_FOLLOWERS, [ids])).rows.map(({ id }) => id);
  }

  /** From here on, with the rows of all of them held, nobody can join them. */
  private async refuseLate(session: Session, { jobs }: Revival, known: readonly string[]): Promise<void> {
    if (jobs.length === 0) return;
    const ids = new Set(known);
    const followers = await this.followersOf(
      session,
      jobs.map(({ id }) => id),
    );
    if (followers.some((id) => !ids.has(id))) throw new LateFollowerError();
  }

  private async place(
    session: Session,
    revival: Revival,
    parents: ReadonlyMap<string, Parent>,
    actor: string,
  ): Promise<Job[]> {
    if (revival.jobs.length === 0) return [];
    await this.waitAgain(session, revival.jobs);
    const placings = revival.jobs.map((job) => reviving(job, actor, revival, parents));
    const { placed, unblocked } = await this.placement.place(session, placings);
    await lineUp(session, this.tickets, { moved: [...placed, ...unblocked] });
    await this.workflows.noteRevivals(session, revival.jobs);
    return placed.filter(({ id }) => !revival.followers.has(id));
  }

  /** Jobs that went on after the failure of one of these, but still wait for others, wait for it once more. */
  private async waitAgain(session: Session, revived: readonly Job[]): Promise<void> {
    const parents = revived.filter((job) => job.hasDependents).map(({ id }) => id);
    if (parents.length === 0) return;
    const again = new Set(parents);
    const waiting = await this.dependencies.lockDependents(session, parents);
    const counted = waiting.map((child) => ({
      child,
      open: child.openDependencies + child.dependsOn.filter((id) => again.has(id)).length,
    }));
    await this.dependencies.setOpen(session, counted);
  }

  /** Only of jobs that, as it seems, can run again: those whose parents have failed need no key. */
  private async retakeKeys(
    session: Session,
    found: readonly Job[],
    ids: readonly string[],
    tolerated: Candidates['tolerated'],
  ): Promise<Map<string, string>> {
    const holders = new Map<string, string>();
    if (!found.some(wantsKeyAgain)) return holders;
    const { rows } = await session.query<Parent>(SELECT_STATUSES, [parentsOf(found)]);
    const parents = new Map(rows.map((row) => [row.id, row]));
    const { jobs } = revivalOf({ ...sorted(found, ids), parents, tolerated, keyHolders: holders });
    // Of jobs with the same key the first gets it, although none of them waits yet.
    const given = new Map<string | null, string>();
    for (const job of jobs.filter(wantsKeyAgain).sort(byUniqueKey)) {
      const holder = given.get(job.uniqueKey) ?? (await this.keys.retake(session, job));
      if (holder === undefined) given.set(job.uniqueKey, job.id);
      else holders.set(job.id, holder);
    }
    return holders;
  }
}

/** Those that somebody has asked for, and those that follow them. */
export function sorted(
  jobs: readonly Job[],
  ids: readonly string[],
): Pick<Candidates, 'asked' | 'followers'> {
  const named = new Set(ids);
  return {
    asked: jobs.filter(({ id }) => named.has(id)),
    followers: jobs.filter(({ id }) => !named.has(id)),
  };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function parentsOf(jobs: readonly Job[]): string[] {
  return [...new Set(jobs.flatMap(({ dependsOn }) => dependsOn))];
}

/** The order in which jobs take their unique keys again. */
export function byUniqueKey(a: Job, b: Job): number {
  const [first, second] = [a, b].map(({ uniqueKey, id }) => `${uniqueKey} ${id}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
}
