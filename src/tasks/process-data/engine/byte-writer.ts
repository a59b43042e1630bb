import type { Slice } from './slice.js';

/** Bytes put one after the other into a buffer that grows. */
export class ByteWriter {
  buffer: Buffer;
  length = 0;

  /** @param capacity bytes to begin with */
  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  clear(): void {
    this.length = 0;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeUInt32LE(value, this.length);
  }

  slice({ buffer, start, end }: Slice): void {
    this.bytes(buffer, start, end);
  }

  /** Short ones, as fields are, are copied sooner than a native call is made. */
  bytes(from: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    const { buffer } = this;
    let at = this.length;
    if (end - start > 48) from.copy(buffer, at, start, end);
    else for (let n = start; n < end; n++) buffer[at++] = from[n]!;
    this.length += end - start;
  }

  text(text: string): void {
    // UTF-8 takes at most three bytes for a unit of a JavaScript string.
    this.reserve(text.length * 3);
    this.length += this.buffer.write(text, this.length);
  }

  /** Hands the written bytes over and goes on with a new buffer. */
  take(capacity: number): Buffer {
    const bytes = this.buffer.subarray(0, this.length);
    this.buffer = Buffer.allocUnsafeSlow(capacity);
    this.length = 0;
    return bytes;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
