import { ByteWriter } from './byte-writer.js';
import { decimal, parseDecimal } from './decimal.js';
import type { Memory } from './memory.js';
import type { Aggregate } from './plan.js';
import { type Slice, compareBytes, isEmpty, textOf } from './slice.js';
import { writeKey } from './sort-key.js';
import { Sum } from './sum.js';

/** One aggregate of one group. */
export interface Accumulator {
  /** Takes the field's text, which is not empty unless rows are counted. */
  add(value: Slice): void;
  /** The result as JSON. */
  json(): string;
}

/** @returns what is wrong with the text, if a number is needed and it is none */
export function faultOf({ op, field }: Aggregate, value: Slice): string | undefined {
  if ((op !== 'sum' && op !== 'avg') || isEmpty(value)) return undefined;
  if (!parseDecimal(value))
    return `has "${textOf(value).slice(0, 100)}" in ${field}, which is no number to add up`;
  return Number.isFinite(decimal.units) ? undefined : `has a number in ${field} that is too large to add up`;
}

/** Begins an aggregate. */
export function newAccumulator({ op }: Aggregate, memory: Memory): Accumulator {
  switch (op) {
    case 'count':
      return new Count();
    case 'sum':
      return new Total(false);
    case 'avg':
      return new Total(true);
    case 'min':
      return new Extreme(memory, -1);
    case 'max':
      return new Extreme(memory, 1);
    case 'count_distinct':
      return new DistinctCount(memory);
  }
}

class Count implements Accumulator {
  private count = 0;

  add(): void {
    this.count++;
  }

  json(): string {
    return String(this.count);
  }
}

class Total implements Accumulator {
  private readonly sum = new Sum();
  private count = 0;

  constructor(private readonly isAverage: boolean) {}

  add(value: Slice): void {
    parseDecimal(value);
    this.sum.add(decimal.units, decimal.scale, decimal.isExact);
    this.count++;
  }

  /** Nothing has no average; its sum is 0. */
  json(): string {
    const { value } = this.sum;
    return JSON.stringify(this.isAverage ? value / this.count : value);
  }
}

const key = new ByteWriter(256);

/** The smallest or the greatest in the order of `sort`. */
class Extreme implements Accumulator {
  private best: Slice | undefined;
  private value = 'null';

  constructor(
    private readonly memory: Memory,
    private readonly sign: 1 | -1,
  ) {}

  add(value: Slice): void {
    key.clear();
    writeKey(value, false, key);
    const own = { buffer: key.buffer, start: 0, end: key.length };
    if (this.best && compareBytes(own, this.best) * this.sign <= 0) return;
    this.memory.take(2 * (key.length + value.end - value.start) - (this.best?.end ?? 0) - this.value.length);
    this.best = { ...own, buffer: Buffer.from(key.buffer.subarray(0, key.length)) };
    this.value = jsonOf(value);
  }

  json(): string {
    return this.value;
  }
}

/** As a number, unless a floating-point number would lose digits of it. */
function jsonOf(value: Slice): string {
  const isNumber = parseDecimal(value) && decimal.isExact;
  return JSON.stringify(isNumber ? Number(textOf(value)) : textOf(value));
}

class DistinctCount implements Accumulator {
  private readonly texts = new Set<string>();

  constructor(private readonly memory: Memory) {}

  add(value: Slice): void {
    const text = textOf(value);
    if (this.texts.has(text)) return;
    this.texts.add(text);
    this.memory.take(2 * text.length);
  }

  json(): string {
    return String(this.texts.size);
  }
}
