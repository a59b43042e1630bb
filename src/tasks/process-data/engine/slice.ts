/** A piece of a buffer; made once and pointed at one text after the other. */
export interface Slice {
  buffer: Buffer;
  start: number;
  /** Past the last byte. */
  end: number;
}

export const NOTHING = Buffer.alloc(0);

/** A slice of nothing, to be pointed at something. */
export function newSlice(): Slice {
  return { buffer: NOTHING, start: 0, end: 0 };
}

/** A slice of a text, as UTF-8. */
export function sliceOf(text: string): Slice {
  const buffer = Buffer.from(text);
  return { buffer, start: 0, end: buffer.length };
}

export function textOf({ buffer, start, end }: Slice): string {
  return buffer.toString('utf8', start, end);
}

export function isEmpty({ start, end }: Slice): boolean {
  return start === end;
}

/** Whether the slice holds these bytes from `offset` (bytes) on. */
export function holdsAt(slice: Slice, offset: number, bytes: Buffer): boolean {
  const from = slice.start + offset;
  if (from + bytes.length > slice.end) return false;
  for (let n = 0; n < bytes.length; n++) if (slice.buffer[from + n] !== bytes[n]) return false;
  return true;
}

/** Whether the slice holds these bytes and no others. */
export function equals(slice: Slice, bytes: Buffer): boolean {
  return slice.end - slice.start === bytes.length && holdsAt(slice, 0, bytes);
}

/** Whether the slice holds these bytes anywhere. */
export function contains(slice: Slice, bytes: Buffer): boolean {
  const last = slice.end - slice.start - bytes.length;
  for (let offset = 0; offset <= last; offset++) if (holdsAt(slice, offset, bytes)) return true;
  return false;
}

/** Below 0, 0 or above 0, as the bytes of one come before, are or come after those of the other. */
export function compareBytes(a: Slice, b: Slice): number {
  const length = Math.min(a.end - a.start, b.end - b.start);
  for (let n = 0; n < length; n++) {
    const difference = a.buffer[a.start + n]! - b.buffer[b.start + n]!;
    if (difference !== 0) return difference;
  }
  return a.end - a.start - (b.end - b.start);
}
