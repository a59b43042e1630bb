import { Injectable } from '@nestjs/common';
import { Postgres, type Session, retryConflicts } from '../../database/index.js';
import { Dependencies, type Parent } from '../blocking/dependencies.js';
import { hasEndedBadly, isFinal } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { LOCK_JOBS, SELECT_JOBS } from '../jobs.sql.js';
import { Keys, wantsKeyAgain } from '../keys/keys.js';
import { lineUp } from '../line/line-up.js';
import { type Managed, inOrder, refused } from './managed.js';
import { NOW, type Placing } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { Tickets } from '../line/tickets.js';

/** Lets jobs that failed or were cancelled run once more, under the same id. They re-enter like new ones. */
@Injectable()
export class Retrier {
  constructor(
    private readonly postgres: Postgres,
    private readonly keys: Keys,
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly tickets: Tickets,
  ) {}

  /** Each job is retried or refused on its own; all that are retried are in one transaction. */
  async retry(ids: readonly string[], actor: string): Promise<Managed[]> {
    const transaction = () => this.postgres.transaction((session) => this.revive(session, ids, actor));
    return inOrder(ids, await retryConflicts(transaction));
  }

  /** Keys before parents before jobs before locks, as a submission takes them. */
  private async revive(session: Session, ids: readonly string[], actor: string): Promise<Managed[]> {
    const { rows: found } = await session.query<Job>(SELECT_JOBS, [ids]);
    const ended = found.filter(mayRetry);
    const asked = new Set(ended.map((job) => job.id));
    const keyHolders = await this.retakeKeys(session, ended);
    const parents = await this.dependencies.holdParents(
      session,
      ended.flatMap((job) => job.dependsOn),
    );
    const { rows: jobs } = await session.query<Job>(LOCK_JOBS, [ids]);
    const refusals = new Map(
      jobs.flatMap((job) => {
        const refusal =
          mayRetry(job) && !asked.has(job.id)
            ? refused(job, 'it has ended just now: ask again')
            : refusalOf(job, keyHolders.get(job.id), parents);
        return refusal ? [[job.id, refusal] as const] : [];
      }),
    );
    const placings = jobs
      .filter((job) => !refusals.has(job.id))
      .map((job) => retrying(job, actor, openDependencies(job, parents)));
    const { placed, unblocked } = await this.placement.place(session, placings);
    await lineUp(session, this.tickets, { moved: [...placed, ...unblocked] });
    return [...refusals.values(), ...placed.map((job) => ({ id: job.id, result: 'done' as const, job }))];
  }

  private async retakeKeys(session: Session, jobs: readonly Job[]): Promise<Map<string, string>> {
    const holders = new Map<string, string>();
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

/** Its place as if it came anew, with its history and a limit raised by its first one. */
export function retrying(job: Job, actor: string, openDependencies: number): Placing {
  const raise = job.baseMaxAttempts ?? 0;
  return { job, event: 'retried', actor, openDependencies, raise, changes: { scheduledAt: NOW } };
}

/**
 * Why a job may not run once more; undefined = it may.
 * @param keyHolder another job that has taken its unique key
 */
export function refusalOf(
  job: Job,
  keyHolder: string | undefined,
  parents: ReadonlyMap<string, Parent>,
): Managed | undefined {
  if (!mayRetry(job)) return refused(job, 'only a FAILED or CANCELLED job can be retried');
  if (keyHolder !== undefined)
    return refused(
      job,
      `job ${keyHolder} has taken its unique key: wait until that one has ended`,
      'job_already_exists',
    );
  const failed = job.dependsOn
    .flatMap((id) => parents.get(id) ?? [])
    .find(({ status }) => hasEndedBadly(status));
  return failed
    ? refused(
        job,
        `it depends on job ${failed.id}, which is ${failed.status}: retry that one first`,
        'dependency_failed',
      )
    : undefined;
}

/** Parents that were deleted meanwhile are waited for no more. */
export function openDependencies({ dependsOn }: Job, parents: ReadonlyMap<string, Parent>): number {
  return dependsOn.flatMap((id) => parents.get(id) ?? []).filter(({ status }) => !isFinal(status)).length;
}

export function mayRetry({ status }: Job): boolean {
  return hasEndedBadly(status);
}

/** The order in which jobs take their unique keys again. */
export function byUniqueKey(a: Job, b: Job): number {
  const [first, second] = [a, b].map(({ uniqueKey, id }) => `${uniqueKey} ${id}`);
  return (first ?? '') < (second ?? '') ? -1 : 1;
}
