import { uuidv7 } from 'uuidv7';
import type { NewWorkflow, StartedWorkflow, WorkflowJob } from '../../src/queue/index.js';
import { Workflows } from '../../src/queue/index.js';
import type { ClaimedJob } from '../../src/queue/index.js';
import { Mender } from '../../src/queue/index.js';
import type { TestQueue } from './queue.js';

export const DONE = { kind: 'completed', result: null } as const;
export const BROKEN = {
  kind: 'failed',
  error: { name: 'Error', message: 'no' },
  permanent: true,
} as const;

/** What follows the end of workflows. */
export const FINISHER = { type: 'task', payload: { over: true }, queue: 'after' };

export const DIAMOND: Shape = { top: [], left: ['top'], right: ['top'], bottom: ['left', 'right'] };

/** The jobs of a workflow by their names, each with those it waits for; `?` after a name = it goes on when that fails. */
export type Shape = Readonly<Record<string, readonly string[]>>;

/** A workflow of jobs of type `task`; a shape names parents before their dependents. */
export function workflowOf(shape: Shape, more: Partial<WorkflowJob> = {}): NewWorkflow {
  const ids = new Map(Object.keys(shape).map((ref) => [ref, uuidv7()]));
  const jobs = Object.entries(shape).map(([ref, parents]) => ({
    type: 'task',
    payload: {},
    ...more,
    id: ids.get(ref)!,
    ref,
    dependsOn: parents.map((parent) => ({
      jobId: ids.get(parent.replace('?', ''))!,
      onFailure: parent.endsWith('?') ? ('continue' as const) : ('cancel' as const),
    })),
  }));
  return { jobs };
}

/** A workflow under test. */
export interface TestWorkflow {
  readonly id: string;
  idOf(ref: string): string;
  /** The jobs of these names, or all. */
  statuses(...refs: string[]): Promise<Record<string, string>>;
  /** Its row. */
  row(): Promise<Record<string, any>>;
  /** The jobs that followed its end, the oldest first. */
  finishers(): Promise<Record<string, any>[]>;
}

export async function start(
  fixture: Pick<TestQueue, 'get' | 'rows'>,
  workflow: NewWorkflow,
): Promise<TestWorkflow> {
  return watched(fixture, await fixture.get(Workflows).start(workflow));
}

function watched(fixture: Pick<TestQueue, 'rows'>, { id, jobs }: StartedWorkflow): TestWorkflow {
  return {
    id,
    idOf: (ref) => jobs.find((job) => job.ref === ref)!.id,
    statuses: async (...refs) => {
      const found = await fixture.rows(
        'SELECT workflow_ref, status FROM jobs WHERE workflow_id = $1 AND workflow_ref IS NOT NULL ORDER BY id',
        [id],
      );
      const all = found.map((job) => [job.workflow_ref, job.status] as const);
      return Object.fromEntries(all.filter(([ref]) => refs.length === 0 || refs.includes(ref)));
    },
    row: async () => (await fixture.rows('SELECT * FROM workflows WHERE id = $1', [id]))[0]!,
    finishers: () =>
      fixture.rows('SELECT * FROM jobs WHERE workflow_id = $1 AND workflow_ref IS NULL ORDER BY id', [id]),
  };
}

/** Empties all tables that workflows have a part in. */
export async function clear(fixture: Pick<TestQueue, 'rows'>): Promise<void> {
  await fixture.rows(
    'TRUNCATE jobs, job_events, job_keys, job_locks, job_dependencies, workflows, pgboss.job',
  );
}

/** Nobody was forgotten, and nothing was counted wrong. */
export async function expectNothingToMend(fixture: Pick<TestQueue, 'rows' | 'get'>): Promise<void> {
  await fixture.rows(`UPDATE pgboss.job SET created_on = created_on - interval '1 minute'`);
  expect(await fixture.get(Mender).mend()).toBe(0);
}

/** Runs all that may run, in order; those of these names fail for good. @returns their names */
export async function run(fixture: TestQueue, ...failing: string[]): Promise<string[]> {
  const ran: string[] = [];
  for (;;) {
    const claimed = await fixture.claim(1_000);
    if (claimed.length === 0) return ran;
    for (const claim of claimed) {
      const { workflow_ref: ref } = await fixture.row(claim.id);
      ran.push(ref);
      await fixture.settle(claim, failing.includes(ref) ? BROKEN : DONE);
    }
  }
}

/** Claims all that may run. @returns the one of this name */
export async function claimed(
  fixture: TestQueue,
  ref: string,
  { idOf }: Pick<TestWorkflow, 'idOf'>,
): Promise<ClaimedJob> {
  return (await fixture.claim(1_000)).find(({ id }) => id === idOf(ref))!;
}
