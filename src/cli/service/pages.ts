import type { Extra, Extras } from '../command.js';
import { terminal } from '../output/terminal.js';
import type { Column } from '../output/table.js';
import { UsageError } from '../usage.error.js';
import type { Query, Service } from './service.js';

/** What lists take. */
export const pageOptions = {
  limit: { value: 'N', says: 'How many at most; 50 otherwise.' },
  cursor: { value: 'CURSOR', says: 'Go on where the list before ended.' },
  all: { says: 'All of them, page by page; with --json one line of JSON each.' },
} as const satisfies Record<string, Extra>;

interface Page {
  readonly next_cursor: string | null;
  /** The service looked at as many as it does at a time. */
  readonly incomplete?: boolean;
}

/** A list of the service and how it is shown. */
interface Listing<Item> {
  readonly path: string;
  readonly query?: Query;
  /** The member of an answer that holds the items. */
  readonly member: string;
  readonly columns: readonly Column<Item>[];
  readonly otherwise: string;
}

/** Shows a page of a list, or all of it. @throws CliError */
export async function printPages<Item>(
  service: Service,
  listing: Listing<Item>,
  extras: Extras,
): Promise<number> {
  const { path, query = {}, member, columns, otherwise } = listing;
  const limit = countFrom(extras.limit, '--limit');
  const isAll = extras.all !== undefined;
  let cursor = extras.cursor;
  let shown = 0;
  do {
    const page = await service.get<Page>(path, { query: { ...query, limit, cursor } });
    const items = (page as unknown as Record<string, readonly Item[]>)[member] ?? [];
    const isLast = page.next_cursor === null;
    shown += items.length;
    cursor = page.next_cursor ?? undefined;
    if (extras.json !== undefined) printAsJson(page, items, isAll);
    else if (items.length > 0 || (isLast && shown === 0)) terminal.printTable(columns, items, otherwise);
    if (!isAll && !isLast && extras.json === undefined)
      terminal.note(`There may be more: --all shows all, --cursor ${page.next_cursor} the next ones.`);
  } while (isAll && cursor !== undefined);
  return 0;
}

function printAsJson(page: Page, items: readonly unknown[], isAll: boolean): void {
  if (!isAll) terminal.printJson(page);
  else for (const item of items) terminal.printJsonLine(item);
}

/** A whole number from 1 on. @throws UsageError when it is none */
export function countFrom(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new UsageError(`${option} takes a whole number from 1 on, not "${text}".`);
}
