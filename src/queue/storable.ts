import { messageOf } from '../common/index.js';
import type { JobError } from './job-error.js';

/** Larger results are cut to a preview. */
const LARGEST_RESULT_BYTES = 256 * 1024;
const PREVIEW_CHARACTERS = 1_000;
const LARGEST_MESSAGE = 4 * 1024;
const LARGEST_STACK = 12 * 1024;

/** What PostgreSQL cannot store in JSON: NUL and lone surrogates, as JSON.stringify escapes them. */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

/** JSON text that PostgreSQL takes; characters it cannot store are replaced, nothing else is changed. */
export function toStorableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(clean(JSON.parse(text))) : text;
}

/** A handler's result as it is kept: whatever it returned, its attempt stays a success. */
export function storableResult(result: unknown): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    return { unserializable: true, reason: messageOf(error) };
  }
  if (text === undefined) return null;
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_RESULT_BYTES) return result;
  return { truncated: true, bytes, preview: text.slice(0, PREVIEW_CHARACTERS) };
}

/** What is kept of anything that was thrown: name, message and stack, never its other properties. */
export function storableError(thrown: unknown): JobError {
  if (!(thrown instanceof Error)) {
    return {
      name: 'NonError',
      message: `The handler threw a value that is not an error: ${describe(thrown)}`,
    };
  }
  const message = cut(String(thrown.message) || thrown.name, LARGEST_MESSAGE);
  const stack = typeof thrown.stack === 'string' ? cut(thrown.stack, LARGEST_STACK) : undefined;
  return { name: cut(String(thrown.name), 200), message, ...(stack ? { stack } : {}) };
}

function describe(value: unknown): string {
  try {
    return cut(typeof value === 'object' ? JSON.stringify(value) : String(value), 200);
  } catch {
    return typeof value;
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)]));
  }
  return value;
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
