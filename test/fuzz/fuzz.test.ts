import fc from 'fast-check';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP, errorsIn } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { Exchange } from './exchange.js';
import { type FuzzRequest, fuzzRequest } from './requests.js';
import { faultsOf, successes } from './verdict.js';
import { World, brokenRows } from './world.js';

/** `FUZZ_SEED` and `FUZZ_INDEX` send one request of an earlier run again, and show what came of it. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const ONLY = process.env.FUZZ_INDEX === undefined ? undefined : Number(process.env.FUZZ_INDEX);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_000);

/** Requests that are made and sent together, before the world is looked at again. */
const PORTION = 500;
const LANES = 8;

/** Kinds of faults that are told; the others would be of the same cause. */
const MOST_TOLD = 30;

const key = Buffer.alloc(32, 1).toString('base64');
const WEBHOOK_SECRETS = { WEBHOOK_SIGNING_SECRET: `whsec_${key}`, SECRETS_KEY: key };

/** The requests of a run, each the same for the same seed and index. */
function* portions(first: number, count: number): Generator<{ index: number; request: FuzzRequest }[]> {
  for (let at = first; at < first + count; at += PORTION) {
    const requests = fc.sample(fuzzRequest, {
      seed: SEED + at,
      numRuns: Math.min(PORTION, first + count - at),
    });
    const numbered = requests.map((request, offset) => ({ index: at + offset, request }));
    yield numbered.filter(({ index }) => ONLY === undefined || index === ONLY);
  }
}

describe('requests made from the OpenAPI document', () => {
  const told = new Map<string, string>();
  const reached = new Map<string, number>();

  afterAll(() => {
    const missed = successes.filter((success) => !reached.has(success));
    console.log(`FUZZ_SEED=${SEED}; not reached: ${missed.join(', ') || 'nothing'}`);
  });

  function note(fault: string, index: number, { method, url, headers, body }: FuzzRequest): void {
    const request = `${method} ${url.slice(0, 300)} ${JSON.stringify(headers)} ${String(body).slice(0, 500)}`;
    if (!told.has(fault)) told.set(fault, `${fault}\n  FUZZ_SEED=${SEED} FUZZ_INDEX=${index}: ${request}`);
  }

  /** Sends one request and writes down what is wrong with the answer; answers with its status. */
  async function send(exchange: Exchange, world: World, index: number, made: FuzzRequest): Promise<number> {
    const request = world.resolve(made);
    try {
      const answer = await exchange.send(request);
      if (ONLY !== undefined) console.log(JSON.stringify(request), answer);
      for (const fault of faultsOf(request, answer)) note(fault, index, request);
      const place = `${request.method} ${answer.status}`;
      reached.set(place, (reached.get(place) ?? 0) + 1);
      for (const success of successes)
        if (isOf(success, request, answer.status)) reached.set(success, (reached.get(success) ?? 0) + 1);
      return answer.status;
    } catch (error) {
      note(`${request.method}: no answer: ${(error as Error).message}`, index, request);
      return 0;
    }
  }

  function expectNoFaults(app: App): void {
    const faults = [...told.values()];
    told.clear();
    expect(faults.slice(0, MOST_TOLD).join('\n')).toBe('');
    expect(app.api.child.exitCode).toBeNull();
    expect(errorsIn(app.api.output())).toEqual([]);
  }

  test(
    'one after the other: the API answers as documented, and what it refuses leaves nothing behind',
    async () => {
      const app = await startApp('fuzz alone', {
        program: FIXTURE_APP,
        workers: 0,
        environment: WEBHOOK_SECRETS,
      });
      const [exchange, world] = [new Exchange(app.api.ready), new World(app)];
      try {
        for (const portion of portions(0, Math.ceil(REQUESTS / 3))) {
          await world.refresh();
          let before = await world.counts();
          for (const { index, request } of portion) {
            const status = await send(exchange, world, index, request);
            const after = await world.counts();
            if (status >= 400 && after !== before)
              note(`refused, but wrote: ${before} became ${after}`, index, request);
            before = after;
          }
        }
        expectNoFaults(app);
        // Jobs whose time has come meanwhile need somebody who lets them into the line.
        await app.addWorker();
        await eventually(async () => expect(await brokenRows(app.database.pool)).toEqual([]) === undefined);
      } finally {
        exchange.close();
        await app.stop();
      }
    },
    60_000 + REQUESTS * 100,
  );

  test(
    'many at a time, beside a worker: the API answers as documented, and every row stays sound',
    async () => {
      const app = await startApp('fuzz together', {
        program: FIXTURE_APP,
        environment: { WORKER_TIMEOUT: '1', ...WEBHOOK_SECRETS },
      });
      const [exchange, world] = [new Exchange(app.api.ready), new World(app)];
      const first = Math.ceil(REQUESTS / 3);
      try {
        for (const portion of portions(first, REQUESTS - first)) {
          await hireAgain(app);
          await world.refresh();
          const lane = async (number: number) => {
            for (const { index, request } of portion.filter((_, at) => at % LANES === number))
              await send(exchange, world, index, request);
          };
          await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
        }
        expectNoFaults(app);
        await eventually(async () => {
          await hireAgain(app);
          return expect(await brokenRows(app.database.pool)).toEqual([]) === undefined;
        });
      } finally {
        exchange.close();
        await app.stop();
      }
    },
    60_000 + REQUESTS * 100,
  );
});

/** A worker that was told over HTTP to drain has ended, as it should. */
async function hireAgain(app: App): Promise<void> {
  const codes = app.workers.map(({ child }) => child.exitCode);
  expect(codes.filter((code) => code !== null && code !== 0)).toEqual([]);
  if (codes.every((code) => code !== null)) await app.addWorker();
}

function isOf(success: string, { method, url }: FuzzRequest, status: number): boolean {
  const [verb, path = '', code] = success.split(' ');
  if (verb !== method || Number(code) !== status) return false;
  const template = path.split('/');
  const parts = url.split('?')[0]!.split('/');
  return (
    template.length === parts.length &&
    template.every((part, at) => part.startsWith('{') || part === parts[at])
  );
}
