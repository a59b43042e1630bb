import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { Dependencies, type Parent } from '../blocking/dependencies.js';
import { doomedBy } from '../blocking/fates.js';
import { MARK_PARENTS } from '../blocking/dependencies.sql.js';
import { type Placing, unblocking } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { type JobStatus, isFinal } from '../job-status.js';
import type { Job } from '../job.entity.js';
import type { Admissible } from '../line/admission.js';
import { lineUp } from '../line/line-up.js';
import { Tickets } from '../line/tickets.js';
import { Aftermath } from '../settle/aftermath.js';
import { WorkflowRepairs } from '../workflows/workflow-repairs.js';
import { LOCK_LOST_PARENTS, SELECT_FORGOTTEN_DEPENDENTS, SELECT_LOST_PARENTS } from './blocking.sql.js';
import { type Mended, type Repair, mendedAll } from './repair.js';

type Dependent = Admissible & Pick<Job, 'dependsOn'>;

/** Makes jobs that depend on others agree with those, and then workflows with their jobs. */
@Injectable()
export class DependencyRepairs {
  readonly repairs: readonly Repair[];

  constructor(
    private readonly dependencies: Dependencies,
    private readonly placement: Placement,
    private readonly tickets: Tickets,
    private readonly aftermath: Aftermath,
    workflows: WorkflowRepairs,
  ) {
    this.repairs = [
      { kind: 'lost_parent', mend: (session, most) => this.relink(session, most) },
      { kind: 'forgotten_dependent', mend: (session, most) => this.tellForgotten(session, most) },
      ...workflows.repairs,
    ];
  }

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
    const open = rows.map((job) => ({
      id: job.id,
      depends_on: unfinished(job, parents),
      tolerates: [],
    }));
    await session.query(MARK_PARENTS, [open.flatMap((job) => job.depends_on)]);
    await this.dependencies.link(session, open);
    const placings = rows.map((job, index) => waiting(job, open[index]?.depends_on.length ?? 0));
    await this.place(session, placings);
    return { ids: rows.map(({ id }) => id), found: found.length };
  }

  private async tellForgotten(session: Session, most: number): Promise<Mended> {
    const { rows } = await session.query<Dependent & FailedParent>(SELECT_FORGOTTEN_DEPENDENTS, [most]);
    const doomed = rows.flatMap(({ id, failedParent, failedStatus: status }) =>
      failedParent === null ? [] : [doomedBy(id, { id: failedParent, status })],
    );
    // Only these: others that wait for the same parent may have been told of its end.
    await this.aftermath.conclude(session, await this.dependencies.cancel(session, doomed));
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
  readonly failedStatus: JobStatus;
}

function unfinished({ id, dependsOn }: Dependent, parents: ReadonlyMap<string, Parent>): string[] {
  return dependsOn.filter((parent) => parent !== id && !isFinal(parents.get(parent)?.status ?? 'COMPLETED'));
}

function waiting(job: Dependent, openDependencies: number): Placing {
  return { job, event: 'blocked', actor: null, openDependencies };
}
