import { isContention } from '../../database/index.js';

/** How long (ms) to look for those that are held, one by one, before the others wait no longer for that. */
const LONGEST_SEARCH_MS = 1_000;

/** What was written, and what was not because of this. */
export interface Apart<Item, Written> {
  readonly written: readonly Written[];
  readonly held: readonly Item[];
  readonly cause?: unknown;
}

/** How items are written, each time in one transaction. */
export interface Ways<Item, Written> {
  /** All or none. */
  all(items: readonly Item[]): Promise<Written[]>;
  /** Those whose own rows nobody has locked, all or none. */
  free(items: readonly Item[]): Promise<{ free: readonly Item[]; written: Written[] }>;
}

/** Writes items and leaves out what somebody else's transaction holds up, so that only that has to wait for it. */
export function writeApart<Item, Written>(
  items: readonly Item[],
  ways: Ways<Item, Written>,
): Promise<Apart<Item, Written>> {
  return writeAll(items, ways, { until: performance.now() + LONGEST_SEARCH_MS, triesAlone: 2 });
}

interface Search {
  readonly until: number;
  readonly triesAlone: number;
}

async function writeAll<Item, Written>(
  items: readonly Item[],
  ways: Ways<Item, Written>,
  search: Search,
): Promise<Apart<Item, Written>> {
  try {
    return { written: await ways.all(items), held: [] };
  } catch (error) {
    if (!isContention(error)) throw error;
    if (items.length > 1) return writeFree(items, ways, search, error);
    if (search.triesAlone === 1) return { written: [], held: items, cause: error };
    return writeAll(items, ways, { ...search, triesAlone: search.triesAlone - 1 });
  }
}

/** Rows that are locked are told by a look, without waiting for one after the other. */
async function writeFree<Item, Written>(
  items: readonly Item[],
  ways: Ways<Item, Written>,
  search: Search,
  cause: unknown,
): Promise<Apart<Item, Written>> {
  try {
    const { free, written } = await ways.free(items);
    return { written, held: items.filter((item) => !free.includes(item)), cause };
  } catch (error) {
    if (!isContention(error)) throw error;
    if (performance.now() > search.until) return { written: [], held: items, cause: error };
    return writeHalves(items, ways, search);
  }
}

/** What one of them needs beside its own row is held: a dependent, or a lock. */
async function writeHalves<Item, Written>(
  items: readonly Item[],
  ways: Ways<Item, Written>,
  search: Search,
): Promise<Apart<Item, Written>> {
  const middle = Math.ceil(items.length / 2);
  const [first] = await Promise.allSettled([writeAll(items.slice(0, middle), ways, search)]);
  const second = await writeAll(items.slice(middle), ways, search);
  if (first.status === 'rejected') throw first.reason;
  return {
    written: [...first.value.written, ...second.written],
    held: [...first.value.held, ...second.held],
    cause: first.value.cause ?? second.cause,
  };
}
