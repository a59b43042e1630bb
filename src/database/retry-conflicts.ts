import { setTimeout as pause } from 'node:timers/promises';
import { isConflict } from './failures.js';

const MOST_TRIES = 5;
const LONGEST_FIRST_PAUSE_MS = 20;

/** Runs a transaction again when PostgreSQL made it give way to another. */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (tries === MOST_TRIES || !isConflict(error)) throw error;
      await pause(Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}
