import { setTimeout as pause } from 'node:timers/promises';

/**
 * Resolves with what the look answers as soon as it is satisfied, that is as soon as it answers something truthy
 * and doesn't throw.
 * @param withinMs after this time the last failure is thrown
 */
export async function eventually<T>(look: () => Promise<T> | T, withinMs = 15_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    let failure: unknown = new Error(`It did not become true within ${withinMs} ms`);
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
