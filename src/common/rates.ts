/** The units of a rate. */
export const RATE_UNITS = ['second', 'minute', 'hour', 'day'] as const;

export type RateUnit = (typeof RATE_UNITS)[number];

/** How long (ms) each is. */
export const UNIT_MS: Readonly<Record<RateUnit, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const RATE = new RegExp(`^([1-9][0-9]{0,6})/(${RATE_UNITS.join('|')})$`);
const MOST = 1_000_000;

/** The number and unit of a rate such as `100/minute`; undefined when the text is none. */
export function parseRate(text: string): { readonly count: number; readonly unit: RateUnit } | undefined {
  const match = RATE.exec(text);
  const count = Number(match?.[1]);
  return match && count <= MOST ? { count, unit: match[2] as RateUnit } : undefined;
}
