import secureJson from 'secure-json-parse';
import { DomainError, type Fault, invalid } from '../errors.js';
import { isDeeperThan } from '../json-depth.js';
import { escapePointer } from './validation.js';

/** Objects and arrays inside each other. */
const DEEPEST = 32;

/** Numbers that a double may not hold exactly: many digits, or an exponent. */
const SUSPICIOUS_NUMBER = /\d{16}|\d[eE]/;
/** What JSON text can spell and PostgreSQL cannot store: NUL and surrogates without their other half. */
const SUSPICIOUS_TEXT = /\\u0000|\\ud[89a-f]/i;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a request body. Nothing passes that would be stored as something else than was sent.
 * @returns undefined for an empty body
 * @throws DomainError bad_encoding, malformed_json, forbidden_key, too_deep, invalid_number, invalid_unicode
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  refuseDepth(text);
  const value = parse(text);
  if (SUSPICIOUS_NUMBER.test(text)) refuseInexactNumbers(text);
  if (SUSPICIOUS_TEXT.test(text)) refuseUnstorableText(value);
  return value;
}

function decode(bytes: Buffer): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new DomainError('bad_encoding', 'The body is not valid UTF-8: send it as UTF-8', { cause });
  }
  if (text.startsWith('\ufeff')) {
    throw new DomainError(
      'malformed_json',
      'The body starts with a byte order mark: send the JSON without it',
    );
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return secureJson.parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    if (String(cause).includes('forbidden prototype property')) {
      throw new DomainError(
        'forbidden_key',
        'The body holds a key "__proto__" or "constructor.prototype": remove it',
        { cause },
      );
    }
    throw new DomainError('malformed_json', `The body is not valid JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function refuseDepth(text: string): void {
  if (!isDeeperThan(text, DEEPEST)) return;
  const detail = `The body is nested deeper than ${DEEPEST} levels: flatten it`;
  throw invalid('too_deep', [{ pointer: '', detail, code: 'too_deep' }]);
}

/** A body may hold a hundred thousand faults; nobody reads that many. */
const MOST_FAULTS = 100;

const INEXACT = Symbol('inexact');

function refuseInexactNumbers(text: string): void {
  const marked: unknown = JSON.parse(text, function (_key, value: unknown, context?: { source?: string }) {
    return typeof value === 'number' && !isExact(value, context?.source) ? INEXACT : value;
  } as (key: string, value: unknown) => unknown);
  const detail = 'This number cannot be kept exactly: send it as a string';
  refuse(
    'invalid_number',
    pointersTo(marked, (value) => value === INEXACT),
    detail,
  );
}

function isExact(value: number, source = ''): boolean {
  if (!Number.isFinite(value)) return false;
  return !/^-?\d+$/.test(source) || BigInt(source) === BigInt(value);
}

function refuseUnstorableText(value: unknown): void {
  const isUnstorable = (inner: unknown) =>
    typeof inner === 'string' && (inner.includes('\0') || !inner.isWellFormed());
  const detail = 'This text holds a NUL character or half of a surrogate pair: remove it';
  refuse('invalid_unicode', pointersTo(value, isUnstorable), detail);
}

function refuse(code: 'invalid_number' | 'invalid_unicode', pointers: string[], detail: string): void {
  const faults: Fault[] = pointers.slice(0, MOST_FAULTS).map((pointer) => ({ pointer, detail, code }));
  if (faults.length > 0) throw invalid(code, faults);
}

/** JSON pointers to the values, and to the members whose key is one. */
function pointersTo(value: unknown, matches: (value: unknown) => boolean, base = ''): string[] {
  if (matches(value)) return [base];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const pointer = `${base}/${escapePointer(key)}`;
    return matches(key) ? [pointer.toWellFormed()] : pointersTo(inner, matches, pointer);
  });
}
