import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { type Mended, type Repair, mendedAll } from '../mend/repair.js';
import { type Counters, type Present, recounted } from './recount.js';
import { type EndedWorkflow, WorkflowTally } from './workflow-tally.js';
import { COUNT_MEMBERS, LOCK_COUNTERS, SELECT_MISCOUNTED, SET_COUNTERS } from './workflows.sql.js';

type Counted = Counters & { readonly id: string };

/** Makes the counters of workflows agree with their jobs again, and ends those that have ended unseen. */
@Injectable()
export class WorkflowRepairs {
  readonly repairs: readonly Repair[] = [
    { kind: 'miscounted_workflow', mend: (session, most) => this.recount(session, most) },
  ];

  constructor(private readonly tally: WorkflowTally) {}

  private async recount(session: Session, most: number): Promise<Mended> {
    const { rows: found } = await session.query<{ id: string }>(SELECT_MISCOUNTED, [most]);
    if (found.length === 0) return mendedAll([]);
    const ids = found.map(({ id }) => id);
    const { rows: locked } = await session.query<Counted>(LOCK_COUNTERS, [ids]);
    const { rows: present } = await session.query<Present & { id: string }>(COUNT_MEMBERS, [ids]);
    const wrong = locked.flatMap((counters) => {
      const actual = present.find(({ id }) => id === counters.id);
      return actual && actual.open !== counters.open
        ? [{ id: counters.id, was: counters.open, ...recounted(counters, actual) }]
        : [];
    });
    await this.set(session, wrong);
    return { ids: wrong.map(({ id }) => id), found: found.length };
  }

  private async set(
    session: Session,
    wrong: readonly (Omit<Counted, 'jobs'> & { was: number })[],
  ): Promise<void> {
    if (wrong.length === 0) return;
    const { rows } = await session.query<EndedWorkflow>(SET_COUNTERS, [
      wrong.map(({ id }) => id),
      wrong.map(({ open }) => open),
      wrong.map(({ failed }) => failed),
      wrong.map(({ cancelled }) => cancelled),
    ]);
    const over = new Set(wrong.filter(({ open, was }) => open === 0 && was > 0).map(({ id }) => id));
    await this.tally.conclude(
      session,
      rows.filter(({ id }) => over.has(id)),
    );
  }
}
