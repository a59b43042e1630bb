import { tmpdir } from 'node:os';
import type { Outcome, Plan } from '../../src/tasks/process-data/engine/plan.js';
import { runPlan } from '../../src/tasks/process-data/engine/run-plan.js';

/** Every row, as it is, inline. */
const EVERYTHING: Plan = {
  format: undefined,
  delimiter: ',',
  header: true,
  onError: 'fail',
  filter: [],
  select: undefined,
  rename: {},
  groupBy: [],
  aggregate: [],
  sort: [],
  limit: undefined,
  output: { kind: 'inline' },
};

/** What a plan made of some data. */
export interface Answer extends Outcome {
  /** The rows that were asked for inline. */
  readonly objects: readonly any[];
  /** The file that was asked for. */
  readonly text: string;
}

/** Runs a plan on data that arrives in pieces of so many bytes. */
export async function ask(plan: Partial<Plan>, data: string | Buffer, pieces = 1_000_000): Promise<Answer> {
  const bytes = Buffer.from(data);
  const chunks = Array.from({ length: Math.ceil(bytes.length / pieces) }, (_, n) =>
    bytes.subarray(n * pieces, (n + 1) * pieces),
  );
  const written: Buffer[] = [];
  const outcome = await runPlan({ ...EVERYTHING, ...plan }, chunks, {
    send: async (chunk) => void written.push(chunk),
    onBegin: () => undefined,
    onRead: () => undefined,
    folder: tmpdir(),
  });
  return {
    ...outcome,
    objects: outcome.rows
      .split('\n')
      .slice(0, -1)
      .map((row) => JSON.parse(row)),
    text: Buffer.concat(written).toString(),
  };
}
