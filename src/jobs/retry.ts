const FORMULA_FIELDS = ['max_attempts', 'wait', 'linear_wait', 'exponential_wait'] as const;

/** Procrastinate's ways to ask for retries: a number of them, for ever, or a strategy. */
export type Retry = number | true | Partial<Record<(typeof FORMULA_FIELDS)[number], number>>;

const LARGEST = 1_000_000;

/** What is wrong with a value as a wish for retries, or undefined when it is one. */
export function retryFault(value: unknown): string | undefined {
  if (value === true) return undefined;
  if (typeof value === 'number')
    return isCount(value, 0) ? undefined : `retry must be a whole number of retries from 0 to ${LARGEST}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'retry must be a number of retries, true, or an object with max_attempts, wait, linear_wait, exponential_wait';
  }
  const fields: Record<string, unknown> = { ...value };
  const unknown = Object.keys(fields).find((key) => !FORMULA_FIELDS.includes(key as never));
  if (unknown !== undefined) return `retry has no field "${unknown}"; it takes ${FORMULA_FIELDS.join(', ')}`;
  const { max_attempts, ...waits } = fields;
  if (max_attempts !== undefined && !isCount(max_attempts, 1))
    return 'retry.max_attempts must be a whole number from 1 on';
  return Object.values(waits).every(isWait) ? undefined : `retry takes waits in seconds from 0 to ${LARGEST}`;
}

function isCount(value: unknown, min: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= LARGEST;
}

function isWait(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= LARGEST;
}
