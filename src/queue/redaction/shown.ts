import { isJsonObject } from '../../common/json-object.js';
import type { JsonObject } from '../job.entity.js';
import { REDACTED, redacted } from './pointers.js';

/** A job, or what is shown of one. */
export interface Showable {
  readonly type: string;
  readonly payload?: JsonObject;
  readonly result?: unknown;
  readonly uniqueKey?: string | null;
}

declare const isShown: unique symbol;

/** A job, or a part of one, without what its type keeps back: nothing else becomes an answer. */
export type Shown<T> = T & { readonly [isShown]: true };

/** A key that was made of the payload tells whoever guesses it that the guess is right. */
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Of the same job, what may be shown. */
export function withoutSecrets<T extends Showable>(job: T, pointers: readonly string[]): Shown<T> {
  if (pointers.length === 0) return job as Shown<T>;
  const { payload, result, uniqueKey } = job;
  return Object.assign({}, job, {
    ...(payload === undefined ? {} : { payload: redacted(payload, pointers) }),
    ...(result === undefined ? {} : { result: resultWithout(result, pointers) }),
    ...(uniqueKey === undefined ? {} : { uniqueKey: shownKey(uniqueKey) }),
  }) as unknown as Shown<T>;
}

/** Of a unique key of such a job, what may be shown. */
export function shownKey(uniqueKey: string | null): string | null {
  return uniqueKey !== null && DIGEST.test(uniqueKey) ? REDACTED : uniqueKey;
}

/** A dead letter has the payload of its job in its own. */
export function inLetter(pointer: string): string {
  return `/payload${pointer}`;
}

/** Of a result, what may be shown; of one that was too large to be kept, its beginning is a text without places. */
export function resultWithout(result: unknown, pointers: readonly string[]): unknown {
  const rest = pointers.length === 0 ? result : redacted(result, pointers);
  const isPreview = isJsonObject(rest) && rest.truncated === true && typeof rest.preview === 'string';
  return isPreview && pointers.length > 0 ? { ...rest, preview: REDACTED } : rest;
}

/** The types of the jobs that a dead letter tells of, by its payload and by what its handler returned of it. */
export function lettersTypesIn({ payload, result }: Showable): string[] {
  return [payload, result].flatMap((part) =>
    isJsonObject(part) && typeof part.type === 'string' ? [part.type] : [],
  );
}
