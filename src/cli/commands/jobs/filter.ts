import type { Extra, Extras } from '../../command.js';

const STATUSES = ['BLOCKED', 'PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'];

/** What tells jobs apart, in lists and in changes of many. */
export const filterOptions = {
  status: { value: 'STATUS', says: `${STATUSES.join(', ')}, in any case; words of other systems work too.` },
  type: { value: 'TYPE', says: 'Only jobs of this type.', source: 'types' },
  queue: { value: 'QUEUE', says: 'Only jobs of this queue.', source: 'queues' },
  tag: { value: 'TAG', says: 'Only jobs with this tag.' },
  lock: { value: 'LOCK', says: 'Only jobs with this lock.' },
  'created-after': {
    value: 'TIME',
    says: 'Only jobs accepted at this time or later, such as 2026-02-01T00:00:00Z.',
  },
  'created-before': { value: 'TIME', says: 'Only jobs accepted before this time.' },
} as const satisfies Record<string, Extra>;

/** The filter that was given, as the API has it; undefined = none. */
export function filterFrom(extras: Extras): Record<string, string> | undefined {
  const given = Object.keys(filterOptions).flatMap((option) => {
    const value = extras[option];
    return value === undefined ? [] : [[option.replaceAll('-', '_'), value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
