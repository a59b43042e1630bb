import type { components } from '../generated/api.js';
import { PermanentFailure, RetryLater } from './outcomes.js';

type Schemas = components['schemas'];

/** How a lease ends: what is called, and with what. */
export type Ending =
  | { readonly word: 'complete'; readonly body: Schemas['CompleteLeaseRequest'] }
  | { readonly word: 'fail'; readonly body: Schemas['FailLeaseRequest'] }
  | { readonly word: 'snooze'; readonly body: Schemas['SnoozeLeaseRequest'] }
  | { readonly word: 'release' };

/** The longest texts that the service takes. */
const LONGEST = { name: 200, message: 100_000, line: 4_096 };

export function completed(result: unknown): Ending {
  return { word: 'complete', body: { result: (result ?? null) as null } };
}

/** What a handler has thrown, which may be anything. */
export function failed(thrown: unknown): Ending {
  if (thrown instanceof RetryLater) return { word: 'snooze', body: { delay: thrown.delay } };
  const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const error = {
    name: name.slice(0, LONGEST.name) || 'Error',
    message: message.slice(0, LONGEST.message) || 'No message',
    ...(stack === undefined ? {} : { stack: stack.slice(0, LONGEST.message) }),
  };
  return { word: 'fail', body: { error, permanent: thrown instanceof PermanentFailure } };
}

/** A log line as it may be sent. */
export const logLine = (message: string, level: LogLevel) => ({
  level,
  message: String(message).slice(0, LONGEST.line),
});

/** How much a log line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
