import { portions } from '../common/index.js';
import type { Session } from './postgres.js';

/**
 * What a statement answers of rows ($1: ids), asked portion by portion in the order of the ids: however many there are,
 * none takes longer than a statement may.
 * @param others $2 and so on
 */
export async function inPortions<Row extends object>(
  session: Session,
  statement: string,
  ids: readonly string[],
  others: readonly unknown[] = [],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const portion of portions(ids.toSorted()))
    rows.push(...(await session.query<Row>(statement, [portion, ...others])).rows);
  return rows;
}
