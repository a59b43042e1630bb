import { V7Generator } from 'uuidv7';
import type { DatabaseClock } from './database-clock.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Makes UUIDv7 ids (RFC 9562), each greater than the one before it, so that "newest first" is `id DESC`. When the
 * clock steps back by more than 10 s, ids restart from the new time.
 */
export class IdGenerator {
  private readonly generator = new V7Generator();

  constructor(private readonly clock: Pick<DatabaseClock, 'now'>) {}

  /** The next id, as lower-case text. */
  next(): string {
    return this.generator.generateOrResetWithTs(Math.round(this.clock.now())).toString();
  }
}

/** Whether a text has the form of a UUID, of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The smallest UUIDv7 of a moment: a bound for ranges over ids. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
