import type { ByteRange } from '../../artifacts/index.js';

/**
 * What a `Range` header (RFC 9110) asks for of so many bytes. Undefined = all of them, also for several ranges at once
 * and for what cannot be understood, as the RFC allows; `outside` = a range without a byte.
 */
export function byteRangeOf(header: string | undefined, bytes: number): ByteRange | 'outside' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start > end ? 'outside' : { start, end };
}
