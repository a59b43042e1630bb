import type { ByteWriter } from './byte-writer.js';
import { DataError } from './data-error.js';
import {
  type Encode,
  type OutputColumn,
  csvHeader,
  encodeCsv,
  encodeJson,
  encodeRenamed,
  encodeUnchanged,
} from './encoders.js';
import type { Format, Plan } from './plan.js';
import type { RowReader } from './row.js';
import type { KeyColumn } from './sort-key.js';

/** How the rows of the output look: their columns, how they are written, what they are sorted by. */
export interface Shape {
  /** Undefined = those that the rows turn out to have. */
  readonly columns: readonly string[] | undefined;
  readonly encode: Encode;
  readonly sortBy: readonly KeyColumn[];
  /** Writes what stands before the rows. */
  begin(out: ByteWriter): void;
}

/**
 * The shape of rows that are not grouped.
 * @throws DataError when a field is no column, or two columns would have one name
 */
export function shapeOfRows(plan: Plan, reader: RowReader, input: Format, output: Format): Shape {
  const { select, rename } = plan;
  const isRenamed = Object.keys(rename).length > 0;
  const isWhole = select === undefined;
  const named = namedColumns(plan, reader);
  const sortBy = plan.sort.map(({ field, order }) => ({
    column: named.find(({ name }) => name === field)?.column ?? reader.column(field),
    isDescending: order === 'desc',
  }));
  const names = named.map(({ name }) => name);
  if (isWhole && input === 'jsonl') {
    if (output === 'csv')
      throw new DataError(
        'The rows of JSON Lines may differ in their members: say with select which are the columns of the CSV',
      );
    return shape(plan, undefined, isRenamed ? encodeRenamed(rename) : encodeUnchanged(), sortBy, output);
  }
  refuseSameNames(names);
  if (isWhole && !isRenamed && output === input) return shape(plan, names, encodeUnchanged(), sortBy, output);
  return shape(plan, names, encode(plan, named, output), sortBy, output);
}

/** The shape of groups. @throws DataError when they are sorted by what is no column of theirs */
export function shapeOfGroups(plan: Plan, names: readonly string[], output: Format): Shape {
  refuseSameNames(names);
  const columns = names.map((name, column) => ({ name, column }));
  const sortBy = plan.sort.map(({ field, order }) => {
    const column = names.indexOf(field);
    if (column < 0)
      throw new DataError(`Groups have no column "${field}" to sort by. They have: ${names.join(', ')}`);
    return { column, isDescending: order === 'desc' };
  });
  return shape(plan, names, encode(plan, columns, output), sortBy, output);
}

function namedColumns({ select, rename }: Plan, reader: RowReader): OutputColumn[] {
  const names = new Map(Object.entries(rename));
  // Whoever misspells a column's name shall hear of it.
  if (select === undefined) for (const name of names.keys()) reader.column(name);
  return (select ?? reader.columns).map((name) => ({
    column: reader.column(name),
    name: names.get(name) ?? name,
  }));
}

function encode({ delimiter }: Plan, columns: readonly OutputColumn[], output: Format): Encode {
  return output === 'csv' ? encodeCsv(columns, delimiter) : encodeJson(columns);
}

function shape(
  { delimiter, header }: Plan,
  columns: readonly string[] | undefined,
  encodeRow: Encode,
  sortBy: readonly KeyColumn[],
  output: Format,
): Shape {
  const begin = (out: ByteWriter) => {
    if (output === 'csv' && header && columns) csvHeader(columns, delimiter, out);
  };
  return { columns, encode: encodeRow, sortBy, begin };
}

function refuseSameNames(names: readonly string[]): void {
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined)
    throw new DataError(`Two columns of the output would be called "${twice}": rename one`);
}
