import { setTimeout as pause } from 'node:timers/promises';

/** How many times slower than a quiet one a machine may be before a wait is a failure; what holds costs nothing. */
const PATIENCE = 4;

/** What comes within this time (ms) was told and not found at the next poll, which comes after 5 s, on any machine. */
export const SOON_MS = 4_000;

/**
 * Resolves with what the look answers as soon as it is satisfied, that is as soon as it answers something truthy
 * and doesn't throw.
 * @param withinMs after this time on a quiet machine the last failure is thrown
 */
export async function eventually<T>(look: () => Promise<T> | T, withinMs = 15_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs * PATIENCE;
  for (;;) {
    let failure: unknown = new Error(`It did not become true within ${withinMs * PATIENCE} ms`);
    try {
      const answer = await look();
      if (answer) return answer;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) throw failure;
    await pause(20);
  }
}
