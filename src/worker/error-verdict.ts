import { type ErrorClass, type JobType, type Outcome, storableError } from '../queue/index.js';
import { AttemptAborted, CancelJob, PermanentFailure, RetryLater } from './job-control.errors.js';

/** Nothing is put off for longer (ms) at a time. */
const LONGEST_SNOOZE_MS = 30 * 24 * 3600 * 1000;

/** What became of an attempt whose handler ran where the classes of its errors are known, as an error that carries it here. */
export class JudgedElsewhere extends Error {
  constructor(
    readonly outcome: Outcome,
    /** The handler decided so itself, and didn't just fail. */
    readonly isDecision = false,
  ) {
    super(`The attempt ended as ${outcome.kind}`);
  }
}

type ErrorPolicy = Pick<JobType, 'retryOn' | 'failOn' | 'circuit'>;

/**
 * What an error that a handler threw makes of its attempt.
 * @param now the database's time (epoch ms), against which a RetryLater's date is held
 */
export function outcomeOfError(error: unknown, policy: ErrorPolicy, now: number): Outcome {
  try {
    return judge(error, policy, now);
  } catch {
    // Something that throws when it is looked at, such as a proxy, is of no class that anybody knows.
    return { kind: 'failed', error: storableError(error), permanent: policy.retryOn !== undefined };
  }
}

function judge(error: unknown, policy: ErrorPolicy, now: number): Outcome {
  if (error instanceof JudgedElsewhere) return error.outcome;
  if (error instanceof AttemptAborted && error.reason === 'cancel') return { kind: 'cancelled' };
  if (error instanceof CancelJob) return { kind: 'cancelled', error: storableError(error) };
  if (error instanceof RetryLater) return { kind: 'snoozed', delayMs: snoozeMs(error, now) };
  const permanent = isPermanent(error, policy);
  const countOn = policy.circuit?.countOn;
  const isUncounted = countOn !== undefined && !countOn.some((type) => isA(error, type));
  return { kind: 'failed', error: storableError(error), permanent, ...(isUncounted ? { isUncounted } : {}) };
}

/** Whether a handler decided itself what becomes of its job, and didn't just fail. */
export function isDecision(error: unknown): boolean {
  try {
    if (error instanceof JudgedElsewhere) return error.isDecision;
    return error instanceof PermanentFailure || error instanceof RetryLater || error instanceof CancelJob;
  } catch {
    return false;
  }
}

function snoozeMs({ delay }: RetryLater, now: number): number {
  const wanted = typeof delay === 'number' ? delay * 1000 : delay.getTime() - now;
  return Math.round(Math.min(LONGEST_SNOOZE_MS, Math.max(0, wanted)));
}

function isPermanent(error: unknown, { retryOn, failOn = [] }: ErrorPolicy): boolean {
  if (isA(error, PermanentFailure) || failOn.some((type) => isA(error, type))) return true;
  return retryOn !== undefined && !retryOn.some((type) => isA(error, type));
}

/** Also by name: a package that is installed twice, or another realm, has a class of its own of the same name. */
function isA(error: unknown, type: ErrorClass): boolean {
  return error instanceof type || (type.name !== '' && classNames(error).includes(type.name));
}

/** The names of the classes of a value, the most special first. */
function classNames(value: unknown): string[] {
  const names: string[] = [];
  let prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : null;
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    names.push((prototype.constructor as { name?: string } | undefined)?.name ?? '');
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}
