import { Injectable } from '@nestjs/common';
import type { BackoffStrategy, CustomPolicy, RetryDecision } from '../../../src/queue/index.js';
import {
  BackoffStrategyProvider,
  CancelJob,
  type JobContext,
  JobHandler,
  PermanentFailure,
  RetryLater,
} from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

/** Waits a multiple of the policy's `unit` (ms), and gives up when the error says so. */
@Injectable()
@BackoffStrategyProvider('squares')
export class SquaresBackoff implements BackoffStrategy<CustomPolicy> {
  decide({ unit }: CustomPolicy, attempt: number, error: { message: string } | null): RetryDecision {
    return error?.message === 'hopeless' ? 'end' : { delayMs: Number(unit) * attempt ** 2 };
  }
}

class Unreachable extends Error {}
class Overloaded extends Unreachable {}
class Refused extends Unreachable {}

/** A class of the same name, as a package that is installed twice has one. */
const twins = { Unreachable: class Unreachable extends Error {} };

const errors: Record<string, () => unknown> = {
  permanent: () => new PermanentFailure('no use'),
  later: () => new RetryLater(0.3),
  date: () => new RetryLater(new Date(Date.now() + 300)),
  cancel: () => new CancelJob('not needed any more'),
  overloaded: () => new Overloaded('overloaded'),
  refused: () => new Refused('refused'),
  twin: () => new twins.Unreachable('twin'),
  other: () => new TypeError('other'),
  hopeless: () => new Error('hopeless'),
};

/** Throws what the payload names in its first `times` attempts. */
async function misbehave({ payload, attempt, maxAttempts }: JobContext<AnyPayload>): Promise<object> {
  if (attempt <= Number(payload.times ?? Infinity)) throw errors[String(payload.error)]?.();
  return { attempt, maxAttempts };
}

@JobHandler({
  type: 'decide',
  description: 'Throws a decision.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 2 },
})
export class DecideHandler {
  run = misbehave;
}

@JobHandler({
  type: 'picky',
  description: 'Is retried after some errors only.',
  payload: AnyPayload,
  example: {},
  policy: {
    backoff: { strategy: 'constant', delay: 0, jitter: 0 },
    retryOn: [Unreachable],
    failOn: [Refused],
  },
})
export class PickyHandler {
  run = misbehave;
}

@JobHandler({
  type: 'squares',
  description: 'Waits by a strategy of its own.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 4, backoff: { strategy: 'custom', name: 'squares', unit: 100 } },
})
export class SquaresHandler {
  run = misbehave;
}

@JobHandler({
  type: 'for_ever',
  description: 'Is retried for ever, every time 0.1 s later.',
  payload: AnyPayload,
  example: {},
  policy: {
    maxAttempts: null,
    backoff: { strategy: 'linear', baseDelay: 0.1, maxDelay: 0.25, jitter: 0 },
  },
})
export class ForEverHandler {
  run = misbehave;
}
