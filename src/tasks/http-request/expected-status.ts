/** What a status may be compared with: a code such as 201, or a class such as `2xx`. */
export type ExpectedStatus = number | string;

const MOST = 20;
const CLASS = /^[2-5]xx$/;

/** What is wrong with a list of statuses, in words. */
export function expectedStatusFault(value: unknown): string | undefined {
  const isList =
    Array.isArray(value) && value.length >= 1 && value.length <= MOST && value.every(isExpectation);
  return isList
    ? undefined
    : `expected_status must be a list of 1 to ${MOST} codes from 200 to 599 and classes, such as [200, 404, "2xx"]`;
}

function isExpectation(value: unknown): boolean {
  if (typeof value === 'string') return CLASS.test(value);
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

/** Whether the list names the status or its class. */
export function isExpected(status: number, expected: readonly ExpectedStatus[]): boolean {
  return expected.includes(status) || expected.includes(`${Math.floor(status / 100)}xx`);
}
