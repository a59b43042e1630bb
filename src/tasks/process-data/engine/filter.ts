import { ByteWriter } from './byte-writer.js';
import { writeDecimal } from './decimal.js';
import type { Condition, FilterOperator, FilterValue } from './plan.js';
import type { Row, RowReader } from './row.js';
import {
  type Slice,
  compareBytes,
  contains,
  equals,
  holdsAt,
  isEmpty,
  newSlice,
  sliceOf,
  textOf,
} from './slice.js';

type Test = (value: Slice) => boolean;

/** Decides which rows are taken: those for which every condition holds. */
export class Filter {
  private readonly columns: readonly number[];
  private readonly tests: readonly Test[];
  private readonly value = newSlice();

  /** @throws DataError when a field is no column */
  constructor(conditions: readonly Condition[], reader: Pick<RowReader, 'column'>) {
    this.columns = conditions.map(({ field }) => reader.column(field));
    this.tests = conditions.map(testOf);
  }

  holds(row: Row): boolean {
    for (let n = 0; n < this.tests.length; n++) {
      row.read(this.columns[n]!, this.value);
      if (!this.tests[n]!(this.value)) return false;
    }
    return true;
  }
}

function testOf({ op, value }: Condition): Test {
  if (op === 'in') return isOneOf(value as readonly FilterValue[]);
  const wanted = sliceOf(String(value));
  const bytes = wanted.buffer;
  switch (op) {
    case 'eq':
      return isEqualTo(wanted);
    case 'ne': {
      const isEqual = isEqualTo(wanted);
      return (field) => !isEqual(field);
    }
    case 'contains':
      return (field) => contains(field, bytes);
    case 'starts_with':
      return (field) => holdsAt(field, 0, bytes);
    case 'exists':
      return (field) => isEmpty(field) !== value;
    default:
      return isInOrder(op, wanted);
  }
}

/** As numbers when both are, else byte by byte. */
function isEqualTo(wanted: Slice): Test {
  const number = numberOf(wanted);
  if (!number) return (field) => equals(field, wanted.buffer);
  const own = new ByteWriter(64);
  const ownSlice = newSlice();
  return (field) => equals(field, wanted.buffer) || compareNumber(field, number, own, ownSlice) === 0;
}

const SATISFIES: Record<'lt' | 'lte' | 'gt' | 'gte', (order: number) => boolean> = {
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
};

/** What is empty, or no number beside a number, is in no order and never taken. */
function isInOrder(
  op: Exclude<FilterOperator, 'eq' | 'ne' | 'contains' | 'starts_with' | 'in' | 'exists'>,
  wanted: Slice,
): Test {
  const satisfies = SATISFIES[op];
  const number = numberOf(wanted);
  if (!number) return (field) => !isEmpty(field) && satisfies(compareBytes(field, wanted));
  const own = new ByteWriter(64);
  const ownSlice = newSlice();
  return (field) => {
    const order = compareNumber(field, number, own, ownSlice);
    return order !== undefined && satisfies(order);
  };
}

function isOneOf(values: readonly FilterValue[]): Test {
  const own = new ByteWriter(64);
  const nameOf = (slice: Slice) => {
    own.clear();
    return writeDecimal(slice, own)
      ? `number ${own.buffer.toString('latin1', 0, own.length)}`
      : `text ${textOf(slice)}`;
  };
  const wanted = new Set(values.map((value) => nameOf(sliceOf(String(value)))));
  return (field) => wanted.has(nameOf(field));
}

/** A number in the form that is compared byte by byte; undefined when the text is none. */
function numberOf(slice: Slice): Slice | undefined {
  const out = new ByteWriter(64);
  return writeDecimal(slice, out) ? { buffer: out.buffer, start: 0, end: out.length } : undefined;
}

function compareNumber(field: Slice, number: Slice, own: ByteWriter, ownSlice: Slice): number | undefined {
  own.clear();
  if (!writeDecimal(field, own)) return undefined;
  ownSlice.buffer = own.buffer;
  ownSlice.end = own.length;
  return compareBytes(ownSlice, number);
}
