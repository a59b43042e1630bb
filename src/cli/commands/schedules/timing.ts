import type { Extra, Extras } from '../../command.js';

/** How a schedule says when. */
export const timingOptions = {
  cron: { value: 'CRON', says: 'Five fields, or six with the second first, such as "30 9 * * MON-FRI".' },
  rrule: {
    value: 'RRULE',
    says: 'A recurrence rule (RFC 5545), such as "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17".',
  },
  timezone: { value: 'ZONE', says: 'Whose clocks count, such as Europe/Berlin; UTC otherwise.' },
} as const satisfies Record<string, Extra>;

/** What was given of it. */
export function timingFrom({ cron, rrule, timezone }: Extras): Record<string, string | undefined> {
  return { cron, rrule, timezone };
}
