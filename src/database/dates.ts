import pg from 'pg';

const { TIMESTAMPTZ } = pg.types.builtins;

const parseAny = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;

/** How the driver reads what PostgreSQL sends; times faster than it would: each claimed job has some of them. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (type, format) => {
    if (type === TIMESTAMPTZ && format !== 'binary') return parseTimestamptz;
    return pg.types.getTypeParser(type, format) as (text: string) => unknown;
  },
};

/** As the driver does it; what JavaScript reads by itself takes a tenth of the time. */
export function parseTimestamptz(text: string): unknown {
  if (text.endsWith('+00') && text[10] === ' ') {
    const date = new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return parseAny(text);
}
