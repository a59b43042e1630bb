import { HEAD, compareRecords, prefixOf } from './record.js';
import type { ByteWriter } from './byte-writer.js';

/** Short ranges are sorted by insertion. */
const SHORT = 12;

/** The records that are sorted at once, in memory. */
export class Arena {
  buffer: Buffer;
  count = 0;

  private used = 0;
  private readonly starts: Uint32Array;
  private readonly prefixes: Float64Array;
  private readonly spare: Uint32Array;
  private readonly order: Uint32Array;

  /** @param bytes and @param records bound it; a record that is larger than the whole arena makes it grow */
  constructor(bytes: number, records: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
    this.starts = new Uint32Array(records);
    this.prefixes = new Float64Array(records);
    this.spare = new Uint32Array(records);
    this.order = new Uint32Array(records);
  }

  /** False when there is no room: take out what is here first. */
  add(key: ByteWriter, row: ByteWriter): boolean {
    const length = HEAD + key.length + row.length;
    if (this.count === this.starts.length) return false;
    if (this.used + length > this.buffer.length) {
      if (this.count > 0) return false;
      this.buffer = Buffer.allocUnsafeSlow(length);
    }
    const { buffer, used } = this;
    buffer.writeUInt32LE(key.length, used);
    buffer.writeUInt32LE(row.length, used + 4);
    key.buffer.copy(buffer, used + HEAD, 0, key.length);
    row.buffer.copy(buffer, used + HEAD + key.length, 0, row.length);
    this.starts[this.count] = used;
    this.prefixes[this.count] = prefixOf(buffer, used + HEAD, key.length);
    this.order[this.count] = this.count;
    this.count++;
    this.used += length;
    return true;
  }

  clear(): void {
    this.count = 0;
    this.used = 0;
  }

  /** Where the records begin, in order; equal ones as they came. */
  *sorted(): Generator<number> {
    this.sort(0, this.count);
    for (let n = 0; n < this.count; n++) yield this.starts[this.order[n]!]!;
  }

  /** Merge sort: stable, and its comparison is inlined, which makes it several times faster than the array's own. */
  private sort(from: number, to: number): void {
    if (to - from <= SHORT) {
      this.insert(from, to);
      return;
    }
    const middle = (from + to) >>> 1;
    this.sort(from, middle);
    this.sort(middle, to);
    const { order, spare } = this;
    if (!this.isAfter(order[middle - 1]!, order[middle]!)) return;
    spare.set(order.subarray(from, middle), from);
    let left = from;
    let right = middle;
    for (let at = from; left < middle; at++) {
      const takesRight = right < to && this.isAfter(spare[left]!, order[right]!);
      order[at] = takesRight ? order[right++]! : spare[left++]!;
    }
  }

  private insert(from: number, to: number): void {
    const { order } = this;
    for (let n = from + 1; n < to; n++) {
      const record = order[n]!;
      let at = n;
      for (; at > from && this.isAfter(order[at - 1]!, record); at--) order[at] = order[at - 1]!;
      order[at] = record;
    }
  }

  private isAfter(a: number, b: number): boolean {
    const difference = this.prefixes[a]! - this.prefixes[b]!;
    if (difference !== 0) return difference > 0;
    return compareRecords(this.buffer, this.starts[a]!, this.buffer, this.starts[b]!) > 0;
  }
}
