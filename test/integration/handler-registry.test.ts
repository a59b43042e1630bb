import { jest } from '@jest/globals';
import { type INestApplicationContext, Injectable, Logger, type Type } from '@nestjs/common';
import { Backoff, type BackoffPolicy, JobTypes } from '../../src/queue/index.js';
import {
  BackoffStrategyProvider,
  HandlersModule,
  JobHandler,
  type JobHandlerOptions,
} from '../../src/worker/index.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';

class AnyPayload {}

/** A handler that declares this. */
function handler(options: Partial<JobHandlerOptions>): Type<object> {
  @JobHandler({ type: 'task', description: 'For tests.', payload: AnyPayload, example: {}, ...options })
  class Handler {
    run = () => undefined;
  }
  return Handler;
}

@Injectable()
@BackoffStrategyProvider('mine')
class MyBackoff {
  decide({ delay }: { delay?: number }, attempt: number) {
    if (delay === undefined) throw new Error('I need a delay');
    return attempt > 5 ? ('end' as const) : { delayMs: delay * attempt };
  }
}

@Injectable()
@BackoffStrategyProvider('mine')
class AnotherOfThatName extends MyBackoff {}

describe('at boot, a job handler', () => {
  let database: TestDatabase;
  const apps: INestApplicationContext[] = [];
  beforeAll(async () => {
    database = await createTestDatabase('handler registry');
    Logger.overrideLogger(false);
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await database.drop();
  });

  const boot = async (providers: Type<object>[], environment: Record<string, string> = {}) => {
    const app = await compile(database.url, { imports: [HandlersModule], providers, environment });
    apps.push(app);
    await app.init();
    return app;
  };
  const withBackoff = (backoff: BackoffPolicy) => handler({ policy: { backoff } });

  test.each<[string, Type<object>]>([
    ['opens after 0 failures', handler({ circuit: { failures: 0, coolDownSeconds: 1 } })],
    ['opens after 1001 failures', handler({ circuit: { failures: 1_001, coolDownSeconds: 1 } })],
    ['opens after 1.5 failures', handler({ circuit: { failures: 1.5, coolDownSeconds: 1 } })],
    ['a cool-down of 0 s', handler({ circuit: { failures: 1, coolDownSeconds: 0 } })],
    ['a cool-down of NaN s', handler({ circuit: { failures: 1, coolDownSeconds: NaN } })],
    ['with an empty countOn', handler({ circuit: { failures: 1, coolDownSeconds: 1, countOn: [] } })],
    ['whose baseDelay is -1', withBackoff({ strategy: 'linear', baseDelay: -1, maxDelay: 1, jitter: 0 })],
    ['has the backoff strategy "cubic"', withBackoff({ strategy: 'cubic' } as never)],
    ['There is no backoff strategy "main". Did you mean', withBackoff({ strategy: 'custom', name: 'main' })],
    ['I need a delay', withBackoff({ strategy: 'custom', name: 'mine' })],
    ['answered with a wait of NaN ms', withBackoff({ strategy: 'custom', name: 'mine', delay: 'long' })],
    ['names TypeError both', handler({ policy: { retryOn: [TypeError], failOn: [TypeError] } })],
    ['has an empty retryOn', handler({ policy: { retryOn: [] } })],
    ['isolates with 32 MiB of memory', handler({ isolate: { memoryMb: 32 } })],
    ['begins with "!"', handler({ type: '!task' })],
    ['redacts "card", which must begin with "/"', handler({ redact: ['/a', 'card'] })],
    ['redacts "/a~2", which must write "~" as ~0', handler({ redact: ['/a~2'] })],
    ['redacts 51 places', handler({ redact: Array.from({ length: 51 }, (_, n) => `/${n}`) })],
    ['allows 0 attempts', handler({ policy: { maxAttempts: 0 } })],
  ])('is refused with a sentence when it makes no sense: %s', async (fault, wrong) => {
    await expect(boot([wrong, MyBackoff])).rejects.toThrow(fault);
  });

  test('is refused when two strategies have the name it asks for', async () => {
    const asking = withBackoff({ strategy: 'custom', name: 'mine', delay: 1 });
    await expect(boot([asking, MyBackoff, AnotherOfThatName])).rejects.toThrow('declared twice');
  });

  test('brings its policy along, for ever and with a strategy of its own', async () => {
    const backoff = { strategy: 'custom', name: 'mine', delay: 10 } as const;
    const unique = { by: ['payload'], while: { seconds: 5 }, onConflict: 'reject' } as const;
    const app = await boot([
      handler({ policy: { maxAttempts: null, backoff, failOn: [TypeError] }, unique }),
      MyBackoff,
    ]);
    const type = app.get(JobTypes, { strict: false }).get('task');
    expect(type).toMatchObject({ maxAttempts: null, backoff, unique, failOn: [TypeError] });
    const asked = app.get(Backoff, { strict: false });
    expect(asked.decide(backoff, 3, null)).toEqual({ delayMs: 30 });
    expect(asked.decide(backoff, 6, null)).toBe('end');
    expect(asked.decide({ ...backoff, delay: 1e12 }, 1, null)).toEqual({ delayMs: 30 * 86_400_000 });
  });

  test.each([
    [undefined, undefined],
    [false, undefined],
    [true, { memoryMb: 256 }],
    [{}, { memoryMb: 256 }],
    [{ memoryMb: 1_000 }, { memoryMb: 1_000 }],
  ])('with isolate %j runs in a process with %j', async (isolate, expected) => {
    const app = await boot([handler(isolate === undefined ? {} : { isolate })]);
    expect(app.get(JobTypes, { strict: false }).get('task').isolate).toEqual(expected);
  });

  test('whose strategy is gone, or fails later, still has a wait', async () => {
    const app = await boot([handler({}), MyBackoff]);
    const asked = app.get(Backoff, { strict: false });
    for (const policy of [
      { strategy: 'custom', name: 'gone' },
      { strategy: 'custom', name: 'mine' },
      { strategy: 'of a newer build' },
    ]) {
      const decision = asked.decide(policy as BackoffPolicy, 1, null) as { delayMs: number };
      expect(decision.delayMs).toBeGreaterThanOrEqual(1_000);
      expect(decision.delayMs).toBeLessThanOrEqual(1_100);
    }
  });

  test('that may run longer than the threshold is warned of, unless it takes its time on purpose', async () => {
    const warnings: string[] = [];
    const warn = jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((text: string) => warnings.push(text));
    await boot(
      [
        handler({ type: 'long', policy: { timeoutSeconds: 700 } }),
        handler({ type: 'short', policy: { timeoutSeconds: 500 } }),
        handler({ type: 'endless', policy: { timeoutSeconds: 86_400 } }),
      ],
      { ROLE: 'worker' },
    );
    warn.mockRestore();
    expect(warnings).toEqual([
      expect.stringMatching(/"long" may run for 700 s, longer than STALLED_JOB_THRESHOLD/),
    ]);
  });
});
