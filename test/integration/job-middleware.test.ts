import { randomUUID } from 'node:crypto';
import { type INestApplicationContext, Logger, type Type } from '@nestjs/common';
import type { ClaimedJob } from '../../src/queue/index.js';
import { HandlerCallsModule } from '../../src/worker/handler-calls.module.js';
import { HandlerCalls } from '../../src/worker/handler-calls.js';
import {
  type JobContext,
  JobHandler,
  JobMiddleware,
  type JobMiddlewareOptions,
  type MiddlewareRunnable,
} from '../../src/worker/index.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';

class AnyPayload {
  [key: string]: unknown;
}

@JobHandler({ type: 'task', description: 'For tests.', payload: AnyPayload, example: {} })
class TaskHandler {
  async run({ payload }: JobContext<AnyPayload>): Promise<unknown> {
    trace.push('handler');
    if (payload.fails) throw new RangeError('from the handler');
    return { from: 'handler' };
  }
}

const trace: string[] = [];

function named(name: string, run: MiddlewareRunnable['run'], options?: JobMiddlewareOptions): Type<object> {
  class Middleware {
    run = run;
  }
  Object.defineProperty(Middleware, 'name', { value: name });
  JobMiddleware(options)(Middleware);
  return Middleware;
}

/** A middleware that says when it begins and ends. */
const tracing = (name: string, options?: JobMiddlewareOptions) =>
  named(
    name,
    async (_job, next) => {
      trace.push(`${name} begins`);
      const result = await next();
      trace.push(`${name} ends`);
      return result;
    },
    options,
  );

describe('middlewares', () => {
  let database: TestDatabase;
  const apps: INestApplicationContext[] = [];
  beforeAll(async () => {
    database = await createTestDatabase('job middleware');
    Logger.overrideLogger(false);
  });
  beforeEach(() => void trace.splice(0));
  afterAll(async () => {
    for (const app of apps) await app.close();
    await database.drop();
  });

  const boot = async (...middlewares: Type<object>[]) => {
    const providers = [TaskHandler, ...middlewares];
    const app = await compile(database.url, { imports: [HandlerCallsModule], providers });
    apps.push(app);
    await app.init();
    return app;
  };
  const runWith = async (middlewares: Type<object>[], payload: object = {}) => {
    const app = await boot(...middlewares);
    const job = { id: randomUUID(), type: 'task', payload, attempts: 1, maxAttempts: 3 } as ClaimedJob;
    const { signal } = new AbortController();
    return app.get(HandlerCalls, { strict: false }).make(job, { signal }).run();
  };

  test('run around the handler, the lower order further out, ties by name', async () => {
    const result = await runWith([
      tracing('Last', { order: 10 }),
      tracing('B'),
      tracing('A', { order: 0 }),
      tracing('First', { order: -1 }),
    ]);
    expect(result).toEqual({ from: 'handler' });
    expect(trace).toEqual([
      ...['First begins', 'A begins', 'B begins', 'Last begins'],
      'handler',
      ...['Last ends', 'B ends', 'A ends', 'First ends'],
    ]);
  });

  test('see the job and its result, and may replace the result', async () => {
    const wrap = named('Wrap', async (job, next) => ({
      type: job.type,
      attempt: job.attempt,
      payload: job.payload,
      inner: await next(),
    }));
    expect(await runWith([wrap], { a: 1 })).toEqual({
      type: 'task',
      attempt: 1,
      payload: { a: 1 },
      inner: { from: 'handler' },
    });
  });

  test('see what the handler throws, and may pass it on, replace it, or answer in its place', async () => {
    const pass = named('Pass', async (_job, next) => next().finally(() => trace.push('seen')));
    await expect(runWith([pass], { fails: true })).rejects.toThrow(new RangeError('from the handler'));
    expect(trace).toEqual(['handler', 'seen']);
    const replace = named('Replace', (_job, next) =>
      next().catch((cause: unknown) => {
        throw new TypeError('from the middleware', { cause });
      }),
    );
    await expect(runWith([replace], { fails: true })).rejects.toMatchObject({
      name: 'TypeError',
      message: 'from the middleware',
      cause: { message: 'from the handler' },
    });
    const answer = named('Answer', (_job, next) =>
      next().catch((error: unknown) => (error as Error).message),
    );
    expect(await runWith([answer], { fails: true })).toBe('from the handler');
  });

  test('may answer without the handler, or refuse at once', async () => {
    expect(await runWith([named('Short', async () => 'short cut'), tracing('Z')])).toBe('short cut');
    const refuse = named('Refuse', () => {
      throw new Error('thrown at once');
    });
    await expect(runWith([refuse])).rejects.toThrow('thrown at once');
    expect(trace).toEqual([]);
  });

  test('cannot run the handler twice', async () => {
    const twice = named('Twice', async (_job, next) => [await next(), await next()]);
    await expect(runWith([twice])).rejects.toThrow('The job middleware Twice called next() twice');
    expect(trace).toEqual(['handler']);
  });

  test.each<[string, Type<object>]>([
    ['NoRun has no run method', named('NoRun', undefined as never)],
    ['Odd has the order NaN; it must be a number', named('Odd', async () => 1, { order: NaN })],
  ])('are refused at boot: %s', async (fault, middleware) => {
    await expect(boot(middleware)).rejects.toThrow(fault);
  });

  test('are refused at boot when two modules provide the same one', async () => {
    const twin = tracing('Twin');
    class Other {}
    Reflect.defineMetadata('providers', [twin], Other);
    const app = await compile(database.url, { imports: [HandlerCallsModule, Other], providers: [twin] });
    apps.push(app);
    await expect(app.init()).rejects.toThrow('The job middleware Twin is provided by two modules');
  });
});
