import { text } from 'node:stream/consumers';
import {
  type CustomPolicy,
  type BackoffStrategy,
  type JobError,
  type RetryDecision,
} from '../../src/queue/index.js';
import {
  BackoffStrategyProvider,
  CancelJob,
  type JobContext,
  JobHandler,
  PermanentFailure,
  RetryLater,
} from '../../src/worker/index.js';
import { Integer, Text } from '../../src/common/http/index.js';

/** What the handler of the scenarios is told to do. */
export class ActPayload {
  @Text({ description: 'What it is called in the record.', maxLength: 100, optional: true })
  name?: string;

  @Text({ description: 'What it does.', maxLength: 100, optional: true })
  act?: keyof typeof ACTS;

  @Integer({
    description: 'In how many attempts it does so; then it succeeds.',
    min: 1,
    max: 100,
    optional: true,
  })
  times?: number;

  @Text({ description: 'Whose result and note it reads.', maxLength: 36, optional: true })
  of?: string;
}

type Act = (job: JobContext<ActPayload>) => unknown;

const ACTS = {
  fail: ({ attempt }) => {
    throw new RangeError(`failure ${attempt}`);
  },
  'fail for good': () => {
    throw new PermanentFailure('no use');
  },
  'fail by policy': () => {
    throw new TypeError('not retried');
  },
  'retry later': () => {
    throw new RetryLater(90);
  },
  'cancel itself': () => {
    throw new CancelJob('not wanted');
  },
  'enqueue two': async (job) => {
    const jobs = ['child 1', 'child 2'].map((name) => ({ type: 'act', payload: { name } }));
    return (await job.enqueue(jobs)).length;
  },
  'heed its signal': ({ signal }) => {
    begun.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  },
  'read its parent': async ({ resultOf, artifacts, payload }) => {
    const { content } = await artifacts.open(payload.of ?? '', 'note.txt');
    return { result: await resultOf(payload.of ?? ''), note: await text(content) };
  },
  'write a note': ({ artifacts }) => artifacts.write('note.txt', 'text/plain', 'noted'),
  'return what has no JSON': () => ({ n: 1n }),
} satisfies Record<string, Act>;

/** The names of the jobs in the order in which their attempts began. */
export const began: string[] = [];
let begun = Promise.withResolvers<void>();

/** Resolves when a handler that heeds its signal has begun; to be asked before it is run. */
export function handlerBegun(): Promise<void> {
  begun = Promise.withResolvers<void>();
  return begun.promise;
}

async function act(job: JobContext<ActPayload>): Promise<unknown> {
  const { name = '', act: word, times = Infinity } = job.payload;
  began.push(name);
  const done = word !== undefined && job.attempt <= times ? await ACTS[word](job) : undefined;
  return { attempt: job.attempt, isLastAttempt: job.isLastAttempt, done };
}

@JobHandler({
  type: 'act',
  aliases: ['acts'],
  description: 'Does as it is told.',
  payload: ActPayload,
  example: {},
  policy: {
    maxAttempts: 4,
    failOn: [TypeError],
    backoff: { strategy: 'exponential', baseDelay: 2, maxDelay: 6, jitter: 0 },
  },
})
export class ActHandler {
  run(job: JobContext<ActPayload>): Promise<unknown> {
    return act(job);
  }
}

@JobHandler({
  type: 'act-once',
  description: 'The same, one at a time.',
  payload: ActPayload,
  example: {},
  policy: { backoff: { strategy: 'custom', name: 'twice' } },
  unique: { by: ['type'], while: 'unfinished', onConflict: 'return' },
})
export class ActOnceHandler {
  run(job: JobContext<ActPayload>): Promise<unknown> {
    return act(job);
  }
}

/** Two executions, 7 s apart. */
@BackoffStrategyProvider('twice')
export class TwiceBackoff implements BackoffStrategy<CustomPolicy> {
  decide(_: CustomPolicy, attempt: number, error: JobError | null): RetryDecision {
    return attempt >= 2 || error?.name !== 'RangeError' ? 'end' : { delayMs: 7_000 };
  }
}
