import type { Extra, Extras } from '../../command.js';

/** What tells dead letters apart. */
export const failureOptions = {
  type: { value: 'TYPE', says: 'Only jobs of this type.', source: 'types' },
  queue: { value: 'QUEUE', says: 'Only jobs of this queue.', source: 'queues' },
  fingerprint: {
    value: 'FINGERPRINT',
    says: 'Only jobs that failed alike; "dead-letters groups" shows them.',
  },
  'failed-after': {
    value: 'TIME',
    says: 'Only jobs that failed at this time or later, such as 2026-02-01T00:00:00Z.',
  },
  'failed-before': { value: 'TIME', says: 'Only jobs that failed before this time.' },
} as const satisfies Record<string, Extra>;

/** The filter that was given, as the API has it; undefined = none. */
export function failuresFrom(extras: Extras): Record<string, string> | undefined {
  const given = Object.keys(failureOptions).flatMap((option) => {
    const value = extras[option];
    return value === undefined ? [] : [[option.replaceAll('-', '_'), value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
