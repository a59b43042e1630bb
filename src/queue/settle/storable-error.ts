import { types } from 'node:util';
import { cutToBytes, storableText, withoutSecrets } from '../../common/index.js';
import type { JobError } from '../job-error.js';

/** The room of an error's message, and of its stack; each cause has half of its effect's: 16 KiB for all of them. */
const MOST_BYTES = 4 * 1024;
const LONGEST_NAME_BYTES = 200;
const LONGEST_CODE_BYTES = 100;
const MOST_CAUSES = 3;

/** V8 repeats the message on top of the stack, where a long one would leave no room for the lines that matter. */
const LONGEST_MESSAGE_IN_STACK_BYTES = 200;

/** What is kept of anything that was thrown: never its other members, since a failed request carries its headers along. */
export function storableError(thrown: unknown): JobError {
  if (isError(thrown)) return fromError(thrown, []);
  return {
    name: 'NonError',
    message: cut(`The handler threw a value that is not an error: ${describe(thrown)}`, MOST_BYTES),
  };
}

/** Also one of another realm, such as a sandbox. */
function isError(thrown: unknown): thrown is Error {
  try {
    // Error.isError is what is recommended, and not yet in TypeScript's library.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return thrown instanceof Error || types.isNativeError(thrown);
  } catch {
    // A proxy may refuse even this.
    return false;
  }
}

/** @param effects the errors that this one caused, the latest first */
function fromError(error: Error, effects: readonly unknown[]): JobError {
  const room = MOST_BYTES / 2 ** effects.length;
  const name = nameOf(error);
  const message = messageOf(error);
  const stack = read(error, 'stack');
  const code = codeOf(error);
  const cause = causeOf(error, [error, ...effects]);
  return {
    name,
    message: cut(message || name, room),
    ...(typeof stack === 'string' ? { stack: cut(shortened(stack, message), room) } : {}),
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** A name may be anything by mistake; the class has one too. */
function nameOf(error: Error): string {
  const names = [read(error, 'name'), read(read(error, 'constructor'), 'name')];
  const name = names.find((candidate) => typeof candidate === 'string' && candidate !== '') as
    string | undefined;
  return cutToBytes(storableText((name ?? 'Error').slice(0, LONGEST_NAME_BYTES + 1)), LONGEST_NAME_BYTES);
}

/** Errors of several things at once, such as a refused connection to each address of a host, often say nothing. */
function messageOf(error: Error): string {
  const message = read(error, 'message');
  if (isPrimitive(message) && message !== undefined && message !== '') return String(message);
  const first = firstOfSeveral(error);
  const own = isError(first) && first !== error ? read(first, 'message') : undefined;
  return typeof own === 'string' ? own : '';
}

function codeOf(error: Error): string | undefined {
  const code = read(error, 'code');
  if (typeof code !== 'string' && typeof code !== 'number') return undefined;
  return cutToBytes(storableText(String(code).slice(0, LONGEST_CODE_BYTES + 1)), LONGEST_CODE_BYTES);
}

function causeOf(error: Error, effects: readonly unknown[]): JobError | undefined {
  const cause = read(error, 'cause') ?? firstOfSeveral(error);
  if (cause === undefined || cause === null) return undefined;
  if (effects.length > MOST_CAUSES || effects.includes(cause)) return undefined;
  if (isError(cause)) return fromError(cause, effects);
  return { name: 'NonError', message: cut(describe(cause), MOST_BYTES / 2 ** effects.length) };
}

/** The first of an AggregateError's errors. */
function firstOfSeveral(error: Error): unknown {
  const errors = read(error, 'errors');
  return Array.isArray(errors) ? read(errors, '0') : undefined;
}

/** What a value that is no error has to say: of an object no more than its message, or the names of its members. */
function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (isPrimitive(value)) return String(value);
  const message = read(value, 'message');
  if (typeof message === 'string') return message;
  try {
    return `an object with ${Object.keys(value).join(', ') || 'no members'}`;
  } catch {
    return 'one that cannot be read';
  }
}

function isPrimitive(
  value: unknown,
): value is string | number | bigint | boolean | symbol | null | undefined {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/** A member, or nothing when its getter throws. */
function read(value: unknown, member: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[member];
  } catch {
    return undefined;
  }
}

function shortened(stack: string, message: string): string {
  if (message.length <= LONGEST_MESSAGE_IN_STACK_BYTES) return stack;
  return stack.replace(message, () => cut(message, LONGEST_MESSAGE_IN_STACK_BYTES));
}

/**
 * Without what is known to be secret by its form: errors are shown, sent by webhooks and reported. Little more than the
 * part that is kept is looked at: a message may have hundreds of megabytes.
 */
function cut(text: string, most: number): string {
  const head = withoutSecrets(storableText(text.slice(0, 2 * most)));
  return cutToBytes(head, most, ` … (truncated from ${text.length} characters)`);
}
