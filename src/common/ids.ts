import { V7Generator } from 'uuidv7';
import type { DatabaseClock } from './database-clock.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How far back a clock may step (ms) before ids restart from the new time instead of counting on. */
const ROLLBACK_ALLOWANCE = 10_000;

/** Makes UUIDv7 ids (RFC 9562), each greater than the one before it, so that "newest first" is `id DESC`. */
export class IdGenerator {
  private readonly generator = new V7Generator();

  constructor(private readonly clock: DatabaseClock) {}

  /** The next id, as lower-case text. */
  next(): string {
    return this.generator.generateOrResetCore(Math.round(this.clock.now()), ROLLBACK_ALLOWANCE).toString();
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
