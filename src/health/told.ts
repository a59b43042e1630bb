import { ServiceUnavailableException } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';

type Parts = HealthCheckResult['details'];

/** What strangers are told of a part: whether it is well, and what is wrong in words of ours; no figures, no versions. */
const TOLD: ReadonlySet<string> = new Set(['status', 'message']);

/** The result, or the failure, of a look, as it may be shown to anybody. */
export async function forStrangers(look: Promise<HealthCheckResult>): Promise<HealthCheckResult> {
  try {
    return withoutFigures(await look);
  } catch (error) {
    if (!(error instanceof ServiceUnavailableException)) throw error;
    throw new ServiceUnavailableException(withoutFigures(error.getResponse() as HealthCheckResult), {
      cause: error,
    });
  }
}

function withoutFigures({ status, info = {}, error = {}, details }: HealthCheckResult): HealthCheckResult {
  return { status, info: partsOf(info), error: partsOf(error), details: partsOf(details) };
}

function partsOf(parts: Partial<Parts>): Parts {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      Object.fromEntries(Object.entries(part ?? {}).filter(([key]) => TOLD.has(key))) as Parts[string],
    ]),
  );
}
