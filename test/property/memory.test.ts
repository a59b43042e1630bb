import fc from 'fast-check';
import { TestKit } from '../../src/testing/index.js';
import { JobHandler } from '../../src/worker/index.js';
import { type Action, type Step, resolve, steps } from './commands.js';
import { MemoryWorld } from './memory-world.js';
import type { ModelClaim } from './model-job.js';
import { Model } from './model.js';

/** Sequences. They take a millisecond each. */
const RUNS = 2 * Number(process.env.PROPERTY_RUNS ?? 500);
const SEED = Number(process.env.PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));

class AnyPayload {}

@JobHandler({ type: 'task', description: 'Is never run.', payload: AnyPayload, example: {} })
class TaskHandler {
  run(): Promise<null> {
    return Promise.resolve(null);
  }
}

test('the queue in memory does what the model of the queue does', async () => {
  const kit = await TestKit.start({ providers: [TaskHandler] });
  const property = fc.asyncProperty(steps(0), (sequence) => follow(sequence, new MemoryWorld(kit)));
  const details = await fc.check(property, { seed: SEED, numRuns: RUNS });
  await kit.stop();
  if (!details.failed) return;
  const { seed, errorInstance } = details;
  throw new Error(`PROPERTY_SEED=${seed}: ${(errorInstance as Error).message}`, { cause: errorInstance });
});

async function follow(sequence: readonly Step[], world: MemoryWorld): Promise<void> {
  const model = new Model();
  const done: string[] = [];
  for (const [command] of sequence) {
    const action = resolve(command, model, world.nextNumber());
    if (!action || isLate(action, model)) continue;
    done.push(JSON.stringify(action));
    const actual = await world.perform(action);
    try {
      expect(actual).toEqual(model.apply(action, actual));
      expect(world.view()).toEqual(model.view());
    } catch (difference) {
      throw new Error(`${(difference as Error).message}\n\nWhat was done:\n${done.join('\n')}`, {
        cause: difference,
      });
    }
  }
}

/** Nobody takes a job over in one process, so that no outcome comes too late. */
function isLate(action: Action, { world: { jobs } }: Model): boolean {
  if (action.do !== 'settle') return false;
  const isHeld = ({ job, attempt }: ModelClaim) =>
    jobs.some((one) => one.number === job && one.status === 'PROCESSING' && one.attempts === attempt);
  return !action.claims.every(isHeld);
}
