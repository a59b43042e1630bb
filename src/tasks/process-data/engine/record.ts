import type { Slice } from './slice.js';

/** A row in a sort: the lengths of its key and of itself, the key, the row. */
export const HEAD = 8;

/** Bytes of a key that are compared as one number. */
const PREFIX = 6;

/** What a record is compared by first: the first bytes of its key as a number. */
export function prefixOf(buffer: Buffer, key: number, length: number): number {
  if (length >= PREFIX) return buffer.readUIntBE(key, PREFIX);
  let prefix = 0;
  for (let n = 0; n < PREFIX; n++) prefix = prefix * 256 + (n < length ? buffer[key + n]! : 0);
  return prefix;
}

/** The order of two records by their keys. */
export function compareRecords(a: Buffer, aStart: number, b: Buffer, bStart: number): number {
  const aLength = a.readUInt32LE(aStart);
  const bLength = b.readUInt32LE(bStart);
  const length = Math.min(aLength, bLength);
  for (let n = HEAD; n < HEAD + length; n++) {
    const difference = a[aStart + n]! - b[bStart + n]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** All bytes of the record at `start`. */
export function recordLength(buffer: Buffer, start: number): number {
  return HEAD + buffer.readUInt32LE(start) + buffer.readUInt32LE(start + 4);
}

/** Points the slice at the row of a record. */
export function pointAtRow(slice: Slice, buffer: Buffer, start: number): void {
  const key = buffer.readUInt32LE(start);
  slice.buffer = buffer;
  slice.start = start + HEAD + key;
  slice.end = slice.start + buffer.readUInt32LE(start + 4);
}
