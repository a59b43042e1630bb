import { isDeepStrictEqual } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import fc from 'fast-check';
import { type TestQueue, startProcess, startQueue } from '../support/queue.js';
import { type Action, type Step, resolve, steps } from './commands.js';
import { Model } from './model.js';
import { isFinal } from './model-job.js';
import { type Observation, faultsOf, viewOf } from './observation.js';
import { RealWorld } from './world.js';

/** Sequences in all. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 500);
const SEED = Number(process.env.PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** The way to one counterexample, as a failure prints it. */
const PATH = process.env.PROPERTY_PATH;

/** Sequences at a time: each waits for the database most of its time. */
const LANES = 4;

/** Looking for a shorter counterexample ends after this time. */
const LONGEST_SEARCH_MS = 60_000 + RUNS * 200;

const EXACTLY = 'one after the other';
const IN_PAIRS = 'sometimes two at the same time';

describe('the queue does what its model does when operations come', () => {
  let fixture: TestQueue;
  let other: INestApplicationContext;
  let processes: Pick<INestApplicationContext, 'get'>[];
  beforeAll(async () => {
    fixture = await startQueue('property');
    other = await startProcess(fixture.database.url);
    processes = [{ get: fixture.get }, other];
  });
  afterAll(async () => {
    await other?.close();
    await fixture?.stop();
  });

  test.each([
    [EXACTLY, 0],
    [IN_PAIRS, 4],
  ])(
    '%s',
    async (name, pairs) => {
      const lanes = PATH === undefined ? LANES : 1;
      const checks = Array.from({ length: lanes }, (_, lane) => check(name, pairs, lane));
      const [failure] = (await Promise.all(checks)).filter((report) => report !== undefined);
      if (failure !== undefined) throw new Error(failure);
    },
    LONGEST_SEARCH_MS + 60_000,
  );

  /** Runs the sequences of one lane. Answers with the report of a failure. */
  async function check(name: string, pairs: number, lane: number): Promise<string | undefined> {
    const property = fc.asyncProperty(steps(pairs), (sequence) => run(sequence, `lane${lane}`));
    const details = await fc.check(property, {
      seed: SEED + lane,
      numRuns: PATH === undefined ? Math.ceil(RUNS / 2 / LANES) : 1,
      interruptAfterTimeLimit: LONGEST_SEARCH_MS,
      ...(PATH === undefined ? {} : { path: PATH }),
    });
    if (!details.failed) return undefined;
    const { seed, counterexamplePath, numShrinks, errorInstance } = details;
    const again = `PROPERTY_SEED=${seed} PROPERTY_PATH=${counterexamplePath ?? ''} npm test -- property -t "${name}"`;
    const what = errorInstance instanceof Error ? errorInstance.message : fc.defaultReportMessage(details);
    return `${what}\n\nShrunk ${numShrinks} times. Once more: ${again}`;
  }

  async function run(sequence: readonly Step[], lane: string): Promise<void> {
    const real = new RealWorld(lane, processes, fixture.database);
    const done: string[] = [];
    try {
      await follow(sequence, real, done);
      expect(await real.perform({ do: 'mend' }, 1)).toBe(0);
      if (sequence.length % 3 === 0) await expectAllToEnd(real);
    } catch (failure) {
      throw new Error(`${(failure as Error).message}\n\nWhat was done:\n${done.join('\n')}`, {
        cause: failure,
      });
    } finally {
      await real.clear();
    }
  }

  async function follow(sequence: readonly Step[], real: RealWorld, done: string[]): Promise<void> {
    let model = new Model();
    for (const [index, step] of sequence.entries()) {
      const actions = step.flatMap((command) => resolve(command, model, real.nextNumber()) ?? []);
      if (actions.length === 0) continue;
      done.push(actions.map((action) => JSON.stringify(action)).join('\n  together with '));
      const actual = await Promise.all(
        actions.map((action, at) => real.perform(action, (index + at) % processes.length)),
      );
      done.push(`→ ${actual.map((answer) => JSON.stringify(answer)).join(', ')}`);
      const observed = await real.observe();
      expect(faultsOf(observed)).toEqual([]);
      const next = actions.length === 1 ? alone(model, actions, actual, observed) : undefined;
      const after = next ?? inSomeOrder(model, actions, actual, observed);
      // Two that met half-way came to something that is sound and that no order explains: nothing more to compare.
      if (!after) return;
      model = after;
    }
  }

  function alone(model: Model, [action]: Action[], [answer]: unknown[], observed: Observation): Model {
    expect(answer).toEqual(model.apply(action!, answer));
    expect(viewOf(observed)).toEqual(model.view());
    return model;
  }

  /** The model after both actions, if what came of them could have come of one after the other. */
  function inSomeOrder(
    model: Model,
    actions: readonly Action[],
    actual: readonly unknown[],
    observed: Observation,
  ): Model | undefined {
    const orders = [
      [0, 1],
      [1, 0],
    ];
    for (const order of orders) {
      const next = model.copy();
      const agrees = order.every((at) => isSame(next.apply(actions[at]!, actual[at]), actual[at]));
      if (!agrees || !isSame(next.view(), viewOf(observed))) continue;
      next.adopt(observed.jobs);
      return next;
    }
    return undefined;
  }

  async function expectAllToEnd(real: RealWorld): Promise<void> {
    await real.finish();
    const end = await real.observe();
    expect(faultsOf(end)).toEqual([]);
    expect(end.jobs.filter((job) => !isFinal(job))).toEqual([]);
  }
});

/** Plain data, wherever it was made. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
