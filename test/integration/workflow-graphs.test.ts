import fc from 'fast-check';
import { type JobStatus, type OnFailure, WorkflowsQuery } from '../../src/queue/index.js';
import { type TestQueue, startQueue } from '../support/queue.js';
import {
  BROKEN,
  DONE,
  FINISHER,
  clear,
  expectNothingToMend,
  start,
  workflowOf,
} from '../support/workflows.js';

const JOBS = 1_000;
const SEED = Number(process.env.PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A job of a random graph: its parents by number, all of them smaller, and whether it will fail. */
interface Node {
  readonly parents: readonly { readonly to: number; readonly onFailure: OnFailure }[];
  readonly fails: boolean;
}

/** Up to four parents each, from anywhere before; one job in twenty fails. */
const graph = fc
  .array(
    fc.record({
      parents: fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 4 }),
      dice: fc.integer({ min: 1, max: 20 }),
    }),
    { minLength: JOBS, maxLength: JOBS },
  )
  .map((drawn) =>
    drawn.map(({ parents, dice }, number): Node => {
      const distinct = new Map(number === 0 ? [] : parents.map(([at, goesOn]) => [at % number, goesOn]));
      const edges = [...distinct].map(([to, goesOn]) => ({
        to,
        onFailure: goesOn ? ('continue' as const) : ('cancel' as const),
      }));
      return { parents: edges, fails: dice === 1 };
    }),
  );

/** How every job ends, by the meaning of the edges alone. */
function endsOf(nodes: readonly Node[], canFail = true): JobStatus[] {
  const ends: JobStatus[] = [];
  for (const { parents, fails } of nodes) {
    const isDoomed = parents.some(({ to, onFailure }) => onFailure === 'cancel' && ends[to] !== 'COMPLETED');
    ends.push(isDoomed ? 'CANCELLED' : fails && canFail ? 'FAILED' : 'COMPLETED');
  }
  return ends;
}

describe('a thousand jobs that wait for each other at random', () => {
  let fixture: TestQueue;
  beforeAll(async () => {
    fixture = await startQueue('workflow graphs');
  });
  beforeEach(() => clear(fixture));
  afterEach(() => expectNothingToMend(fixture));
  afterAll(() => fixture?.stop());

  /** Runs all that may run. @returns how often each started */
  const run = async (nodes: readonly Node[], canFail: boolean): Promise<Map<number, number>> => {
    const starts = new Map<number, number>();
    for (;;) {
      const claimed = await fixture.claim(100);
      if (claimed.length === 0) return starts;
      const refs = await fixture.rows('SELECT id, workflow_ref FROM jobs WHERE id = ANY($1)', [
        claimed.map(({ id }) => id),
      ]);
      const numberOf = new Map(refs.map(({ id, workflow_ref }) => [id as string, Number(workflow_ref)]));
      const outcomes = claimed.map((claim) => {
        const number = numberOf.get(claim.id)!;
        starts.set(number, (starts.get(number) ?? 0) + 1);
        return { claim, outcome: canFail && nodes[number]!.fails ? BROKEN : DONE };
      });
      await fixture.queue.settle(outcomes);
    }
  };

  test('end as their edges say, and after a retry of those that failed as they would have without a failure', async () => {
    const [nodes] = fc.sample(graph, { numRuns: 1, seed: SEED }) as [Node[]];
    const shape = Object.fromEntries(
      nodes.map(({ parents }, number) => [
        String(number),
        parents.map(({ to, onFailure }) => `${to}${onFailure === 'continue' ? '?' : ''}`),
      ]),
    );
    const flow = await start(fixture, { ...workflowOf(shape), onFinished: FINISHER });
    const seeded = (ends: readonly JobStatus[]) => ({ seed: SEED, ends });
    const actual = async () => {
      const statuses = await flow.statuses();
      return seeded(nodes.map((_, number) => statuses[String(number)] as JobStatus));
    };

    await run(nodes, true);
    const ends = endsOf(nodes);
    expect(await actual()).toEqual(seeded(ends));
    const failed = ends.filter((status) => status === 'FAILED').length;
    const cancelled = ends.filter((status) => status === 'CANCELLED').length;
    expect(await flow.row()).toMatchObject({ open: 0, failed, cancelled });
    expect(await flow.finishers()).toHaveLength(1);

    const ids = ends.flatMap((status, number) => (status === 'FAILED' ? [flow.idOf(String(number))] : []));
    await fixture.queue.retry(ids, 'ann');
    const again = await run(nodes, false);
    expect(await actual()).toEqual(seeded(endsOf(nodes, false)));
    expect(again.size).toBe(failed + cancelled);
    expect(await flow.finishers()).toHaveLength(failed > 0 ? 2 : 1);
    expect(await fixture.get(WorkflowsQuery).find(flow.id)).toMatchObject({ status: 'COMPLETED' });
  });
});
