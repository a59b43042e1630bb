import { Pace } from '../../src/tasks/generate-report/pace.js';
import type { ColumnRequest, Row, Total } from '../../src/tasks/generate-report/report.js';
import { type CountedTable, tableOf } from '../../src/tasks/generate-report/table.js';

interface Wanted {
  readonly title?: string;
  readonly columns?: readonly ColumnRequest[];
  readonly summary?: readonly Total[];
  readonly mostRows?: number;
  readonly signal?: AbortSignal;
}

export const paceOf = (signal = new AbortController().signal): Pace => new Pace(signal);

/** A table over rows, as the handler makes it. */
export function tableFrom(
  rows: Iterable<Row>,
  { title = 'Report', columns, summary = [], mostRows = 200_000, signal }: Wanted = {},
): Promise<CountedTable> {
  return tableOf(rows, undefined, { title, columns, summary, mostRows }, paceOf(signal));
}

/** Everything that comes. */
export async function itemsOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Everything that comes, in one piece. */
export async function collected(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await itemsOf(content));
}

/** The text of each page of a PDF. */
export async function pdfPages(file: Uint8Array): Promise<string[]> {
  const { extractText, getDocumentProxy } = await import('unpdf');
  const document = await getDocumentProxy(new Uint8Array(file));
  const { text } = await extractText(document, { mergePages: false });
  return text;
}
