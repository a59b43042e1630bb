import { Readable, pipeline } from 'node:stream';
import { messageOf } from '../../common/index.js';
import { isJsonObject } from '../../common/json-object.js';
import { PermanentFailure } from '../../worker/index.js';
import { isCanonicalNumber } from './cells.js';
import type { Row } from './report.js';

/** In bytes of CSV and characters of JSON; what is longer is no row of a table. */
const LONGEST_ROW = 4 * 1024 * 1024;
const BOM = '\uFEFF';

/**
 * The rows of a CSV file whose first line names the fields. All values of CSV are text: what reads the same as a number
 * is one, and "007" is none.
 * @param fields the names of its fields where they are known; by them it is seen what separates the fields, else a comma
 * @throws PermanentFailure that names the line, when it is no CSV
 */
export async function* csvRows(
  content: AsyncIterable<Uint8Array>,
  fields: readonly string[] = [],
): AsyncGenerator<Row> {
  const { CsvError, parse } = await import('csv-parse');
  const rest = content[Symbol.asyncIterator]();
  const start = await beginningOf(rest, Buffer.byteLength(BOM + headingOf(fields)) + 1);
  const parser = parse({
    columns: true,
    bom: true,
    delimiter: delimiterOf(start, fields),
    max_record_size: LONGEST_ROW,
    cast: (text) => (isCanonicalNumber(text) ? Number(text) : text),
  });
  // Its errors come out of the parser, too.
  pipeline(Readable.from(joined(start, rest), { objectMode: false }), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<Row>;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new PermanentFailure(`The CSV file of the job cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** The first field as the longest way to write it, which is in quotes. */
function headingOf([first = '']: readonly string[]): string {
  return `"${first.replaceAll('"', '""')}"`;
}

/** What stands after the first of several fields. */
function delimiterOf(start: Uint8Array, fields: readonly string[]): string {
  const [first] = fields;
  if (first === undefined || fields.length < 2) return ',';
  const line = Buffer.from(start).toString().replace(BOM, '');
  const heading = [first, headingOf(fields)].find((each) => line.startsWith(each));
  const next = heading === undefined ? '' : line.charAt(heading.length);
  return /^[\t\x20\x21\x23-\x7e]$/.test(next) ? next : ',';
}

/** As many bytes as are asked for, if there are so many. */
async function beginningOf(content: AsyncIterator<Uint8Array>, bytes: number): Promise<Uint8Array> {
  let start = Buffer.alloc(0);
  while (start.length < bytes) {
    const next = await content.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  return start;
}

async function* joined(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/**
 * The rows of a file with a JSON object on each line; empty lines count for nothing.
 * @throws PermanentFailure that names the line, when it holds anything else
 */
export async function* jsonLineRows(content: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of linesOf(content)) {
    number += 1;
    if (line.trim() !== '') yield rowOf(line, number);
  }
}

async function* linesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of content) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_ROW)
      throw new PermanentFailure(
        `The JSON Lines file of the job has a line of more than ${LONGEST_ROW} characters: is each object on a line of its own?`,
      );
  }
  yield rest + decoder.decode();
}

function rowOf(line: string, number: number): Row {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw new PermanentFailure(`Line ${number} of the JSON Lines file of the job is no JSON`, { cause });
  }
  if (isJsonObject(row)) return row;
  throw new PermanentFailure(`Line ${number} of the JSON Lines file of the job is no JSON object`);
}
