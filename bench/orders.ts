import { createWriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';

const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR'];
const ROWS_AT_ONCE = 2_000;

/** Writes a CSV of orders of so many megabytes (10^6 bytes); 5,003 customers of 5 countries, in no order. */
export async function writeOrders(path: string, megabytes: number): Promise<void> {
  const file = createWriteStream(path);
  await pipeline(() => orders(megabytes * 1_000_000), file);
  await finished(file);
}

function* orders(bytes: number): Generator<string> {
  yield 'id,customer,country,amount,created_at,note,paid\n';
  for (let written = 0, row = 0; written < bytes;) {
    const rows = Array.from({ length: ROWS_AT_ONCE }, () => order(row++)).join('');
    written += rows.length;
    yield rows;
  }
}

function order(row: number): string {
  const cents = (row * 104_729) % 1_000_000;
  const day = `2026-${String(1 + (row % 12)).padStart(2, '0')}-15T10:00:00Z`;
  return `${row},customer ${(row * 7_919) % 5_003},${COUNTRIES[row % 5]},${cents / 100},${day},"note, number ${row % 97}",${row % 2 === 0}\n`;
}

/** What is asked of the orders: the payloads of three jobs. */
export const QUESTIONS = {
  filter: {
    filter: [
      { field: 'amount', op: 'gte', value: 5_000 },
      { field: 'country', op: 'in', value: ['DE', 'FR'] },
    ],
    select: ['id', 'customer', 'amount', 'note'],
  },
  group: {
    group_by: ['country', 'customer'],
    aggregate: [
      { op: 'count' },
      { op: 'sum', field: 'amount' },
      { op: 'avg', field: 'amount' },
      { op: 'max', field: 'created_at' },
    ],
  },
  sort: {
    sort: [{ field: 'amount', order: 'desc' }, { field: 'customer' }],
  },
} as const;
