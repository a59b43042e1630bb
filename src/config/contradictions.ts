import type { Environment } from './environment.ts';
import { faultsOfIssuer } from './issuer.ts';

/** Seconds an outgoing HTTP request of a handler may take; below every job timeout on purpose. */
export const HTTP_TIMEOUT_SECONDS = 10;

/** What is wrong with settings that are right each by itself. */
export function contradictionsIn(values: Environment): string[] {
  const faults: string[] = [];
  if (values.JOB_TIMEOUT <= HTTP_TIMEOUT_SECONDS) {
    faults.push(
      `JOB_TIMEOUT (${values.JOB_TIMEOUT}) must exceed the ${HTTP_TIMEOUT_SECONDS} s an HTTP request may take`,
    );
  }
  if (values.STALLED_JOB_THRESHOLD <= values.JOB_TIMEOUT) {
    faults.push(
      `STALLED_JOB_THRESHOLD (${values.STALLED_JOB_THRESHOLD}) must exceed JOB_TIMEOUT (${values.JOB_TIMEOUT})`,
    );
  }
  if (60 % values.STALLED_JOB_CHECK_INTERVAL !== 0) {
    faults.push(
      `STALLED_JOB_CHECK_INTERVAL must divide 60 (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60), not be ${values.STALLED_JOB_CHECK_INTERVAL}`,
    );
  }
  if (values.RETRY_MAX_DELAY < values.RETRY_BASE_DELAY) {
    faults.push(
      `RETRY_MAX_DELAY (${values.RETRY_MAX_DELAY}) must not be below RETRY_BASE_DELAY (${values.RETRY_BASE_DELAY})`,
    );
  }
  return [...faults, ...faultsOfIssuer(values)];
}
