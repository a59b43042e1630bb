import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { Dependencies, type EndedJob, type Parent } from '../blocking/dependencies.js';
import { MARK_PARENTS } from '../blocking/dependencies.sql.js';
import { type Placing, unblocking } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { isFinal } from '../job-status.js';
import type { Job } from '../job.entity.js';
import type { Admissible } from '../line/admission.js';
import { lineUp } from '../line/line-up.js';
import { JobEnds } from '../settle/job-ends.js';
import { Tickets } from '../line/tickets.js';
import { LOCK_LOST_PARENTS, SELECT_FORGOTTEN_DEPENDENTS, SELECT_LOST_PARENTS } from './blocking.sql.js';
import { type Mended, type Repair, mendedAll } from './repair.js';

type Dependent = Admissible & Pick<Job, 'dependsOn'>;

/** Makes jobs that depend on others agree with those. */
@Injectable()
export class DependencyRepairs {
  readonly repairs: readonly Repair[] = [
    { kind: 'lost_parent', mend: (session, most) => this.relink(session, most) },
    { kind: 'forgotten_dependent', mend: (session, most) => this.tellForgotten(session, most) },
  ];

  constructor(
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly tickets: Tickets,
    private readonly ends: JobEnds,
  ) {}

  /** Ticket before parents before jobs. */
  private async relink(session: Session, most: number): Promise<Mended> {
    const { rows: found } = await session.query<Pick<Job, 'id' | 'queue' | 'dependsOn'>>(
      SELECT_LOST_PARENTS,
      [most],
    );
    if (found.length === 0) return mendedAll([]);
    await this.tickets.remove(session, found);
    const parents = await this.dependencies.holdParents(
      session,
      found.flatMap((job) => job.dependsOn),
    );
    const { rows } = await session.query<Dependent>(LOCK_LOST_PARENTS, [found.map(({ id }) => id)]);
    const open = rows.map((job) => ({ id: job.id, depends_on: unfinished(job, parents) }));
    await session.query(MARK_PARENTS, [open.flatMap((job) => job.depends_on)]);
    await this.dependencies.link(session, open);
    const placings = rows.map((job, index) => waiting(job, open[index]?.depends_on.length ?? 0));
    await this.place(session, placings);
    return { ids: rows.map(({ id }) => id), found: found.length };
  }

  private async tellForgotten(session: Session, most: number): Promise<Mended> {
    const { rows } = await session.query<Dependent & FailedParent>(SELECT_FORGOTTEN_DEPENDENTS, [most]);
    const doomed = rows.flatMap(({ id, failedParent }) =>
      failedParent === null ? [] : [{ id, failedParent }],
    );
    // Dependents are found by these rows, which may be gone as well.
    await this.dependencies.link(
      session,
      doomed.map(({ id, failedParent }) => ({ id, depends_on: [failedParent] })),
    );
    const { cancelled } = await this.dependencies.release(session, rows.flatMap(endedParent));
    await lineUp(session, this.tickets, { created: await this.ends.of(session, cancelled) });
    await this.place(session, rows.filter((job) => job.failedParent === null).map(unblocking));
    return mendedAll(rows);
  }

  private async place(session: Session, placings: readonly Placing[]): Promise<void> {
    const { placed, unblocked } = await this.placement.place(session, placings);
    await lineUp(session, this.tickets, { moved: [...placed, ...unblocked] });
  }
}

interface FailedParent {
  readonly failedParent: string | null;
  readonly failedStatus: EndedJob['status'];
}

function endedParent({ failedParent: id, failedStatus: status }: FailedParent): EndedJob[] {
  return id === null ? [] : [{ id, status, lock: null, hasDependents: true }];
}

function unfinished({ id, dependsOn }: Dependent, parents: ReadonlyMap<string, Parent>): string[] {
  return dependsOn.filter((parent) => parent !== id && !isFinal(parents.get(parent)?.status ?? 'COMPLETED'));
}

function waiting(job: Dependent, openDependencies: number): Placing {
  return { job, event: 'blocked', actor: null, openDependencies };
}
