import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

/** Fails the first `times` attempts, then tells which attempt succeeded. */
@JobHandler({
  type: 'fail',
  description: 'Fails.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 5 },
})
export class FailHandler {
  async run({ payload, attempt, isLastAttempt }: JobContext<AnyPayload>): Promise<object> {
    if (attempt <= Number(payload.times ?? Infinity)) throw new RangeError(`failure ${attempt}`);
    return { attempt, isLastAttempt };
  }
}

/** Takes `ms` in its first `times` attempts, and heeds its signal unless it is to `ignore` it. */
@JobHandler({ type: 'sleep', description: 'Sleeps.', payload: AnyPayload, example: {} })
export class SleepHandler {
  async run({ payload, signal, attempt }: JobContext<AnyPayload>): Promise<object> {
    const from = Date.now();
    await new Promise((resolve, reject) => {
      const dawdles = attempt <= Number(payload.times ?? Infinity);
      const timer = setTimeout(resolve, dawdles ? Number(payload.ms ?? 0) : 0);
      if (payload.ignore) return;
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    });
    return { attempt, pid: process.pid, from, to: Date.now() };
  }
}

/** Returns or throws things that are hard to keep. */
@JobHandler({
  type: 'return',
  description: 'Returns.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 1 },
})
export class ReturnHandler {
  async run({ payload }: JobContext<AnyPayload>): Promise<unknown> {
    const things: Record<string, () => unknown> = {
      nul: () => ({ text: 'a\0b', half: '\ud800' }),
      large: () => 'x'.repeat(300 * 1024),
      bigint: () => ({ n: 1n }),
      nothing: () => undefined,
      nullError: () => {
        throw null;
      },
      nulError: () => {
        throw new Error('a\0b');
      },
      secretError: () => {
        throw Object.assign(new Error('Request failed'), {
          config: { headers: { Authorization: 'CANARY-IN-ERRORS' } },
        });
      },
    };
    return things[String(payload.what)]?.();
  }
}

/** Throws where nobody catches, as code with a forgotten callback does. */
@JobHandler({ type: 'stray_error', description: 'Ends its process.', payload: AnyPayload, example: {} })
export class StrayErrorHandler {
  async run({ attempt }: JobContext<AnyPayload>): Promise<number> {
    if (attempt > 1) return attempt;
    setTimeout(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => undefined);
  }
}
