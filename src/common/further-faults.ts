import { DomainError, type Fault, invalid, problems } from './errors.js';

/** Nobody reads more. */
const MOST_FAULTS = 100;

/**
 * The error with the faults that further checks find: whoever mends a request wants to hear of all of them at once. Only
 * for what was refused anyway, so that what is accepted is checked once.
 * @param checks fail with faults of the same request; what they fail with else is not told
 */
export async function withFurtherFaults(
  error: unknown,
  ...checks: readonly (() => unknown)[]
): Promise<unknown> {
  if (!(error instanceof DomainError) || !isOfRequest(error)) return error;
  const faults = new Map<string, Fault>();
  const add = (fault: Fault) => faults.set(`${fault.pointer} ${fault.code}`, fault);
  const { faults: first = [] } = error.options;
  first.forEach(add);
  for (const check of checks) if (faults.size < MOST_FAULTS) (await faultsOf(check)).forEach(add);
  return faults.size > first.length
    ? invalid('validation_failed', [...faults.values()].slice(0, MOST_FAULTS))
    : error;
}

async function faultsOf(check: () => unknown): Promise<readonly Fault[]> {
  try {
    await check();
    return [];
  } catch (error) {
    return error instanceof DomainError ? (error.options.faults ?? []) : [];
  }
}

function isOfRequest({ code, options }: DomainError): boolean {
  return problems[code].status === 422 && options.faults !== undefined;
}
