import { setTimeout as pause } from 'node:timers/promises';

/** Deadlock and serialization failure: PostgreSQL chose this transaction to give way, and asks for it again. */
const CONFLICTS = new Set(['40P01', '40001']);

const MOST_TRIES = 5;
const LONGEST_FIRST_PAUSE_MS = 20;

/** The lock is somebody else's, and the time to wait for it is over. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Whether other transactions were in the way, rather than the database itself unable. */
export function isContention(error: unknown): boolean {
  return codeOf(error) === LOCK_NOT_AVAILABLE || CONFLICTS.has(codeOf(error));
}

/** Runs a transaction again when PostgreSQL made it give way to another. */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (tries === MOST_TRIES || !CONFLICTS.has(codeOf(error))) throw error;
      await pause(Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
