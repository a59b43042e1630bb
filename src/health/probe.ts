import type { HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';

/** A hung database must be told within 5 s. */
const PATIENCE_MS = 3_000;

type Details = Record<string, unknown>;

/**
 * One look at one thing.
 * @param name what the answer calls it
 * @param look answers with details worth showing, and throws when the thing is not well
 * @param complaint what callers are told then; the cause may name hosts and statements, so it stays inside
 */
export function probe<Key extends string>(
  indicators: HealthIndicatorService,
  name: Key,
  look: () => Promise<Details>,
  complaint: string,
): HealthCheckAttempt<Key> {
  const lookOrComplain = async () => {
    try {
      return await look();
    } catch (cause) {
      throw cause instanceof ProbeFailure ? cause : new Error(complaint, { cause });
    }
  };
  return indicators.check(name).attempt(lookOrComplain).withTimeout(PATIENCE_MS);
}

/** The thing is not well, and the message may be shown to everybody. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}
