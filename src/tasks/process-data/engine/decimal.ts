import type { ByteWriter } from './byte-writer.js';
import type { Slice } from './slice.js';

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;
const CAPITAL_E = 69;
const SMALL_E = 101;

/** Longer texts (bytes) are no numbers: nobody means them to be, and their exponents would not fit. */
const LONGEST = 1_000;

/** An exponent of more digits makes a text of it. */
const EXPONENT_DIGITS = 4;

/** The smallest exponent is stored as a number above 0. */
const BIAS = 32_768;

/** Where the parts of a number stand; written anew by each `readDecimal`. */
const found = { negative: false, wholeFrom: 0, wholeTo: 0, fractionFrom: 0, fractionTo: 0, exponent: 0 };

/**
 * Reads a text as a decimal number as JSON writes it (`-12.50`, `1e3`), or one without its zero (`.5`).
 * `007`, `+5`, ` 5` and `1,000` are texts.
 */
function readDecimal({ buffer, start, end }: Slice): boolean {
  let at = start;
  if (end - start > LONGEST) return false;
  found.negative = buffer[at] === MINUS && at < end;
  if (found.negative) at++;
  found.wholeFrom = at;
  while (at < end && isDigit(buffer[at]!)) at++;
  found.wholeTo = at;
  if (at - found.wholeFrom > 1 && buffer[found.wholeFrom] === ZERO) return false;
  found.fractionFrom = at;
  if (at < end && buffer[at] === POINT) {
    found.fractionFrom = ++at;
    while (at < end && isDigit(buffer[at]!)) at++;
    if (at === found.fractionFrom) return false;
  }
  found.fractionTo = at;
  if (found.wholeTo === found.wholeFrom && found.fractionTo === found.fractionFrom) return false;
  found.exponent = 0;
  return at === end || readExponent(buffer, at, end);
}

function readExponent(buffer: Buffer, from: number, end: number): boolean {
  let at = from;
  if (buffer[at] !== SMALL_E && buffer[at] !== CAPITAL_E) return false;
  at++;
  const isNegative = at < end && buffer[at] === MINUS;
  if (at < end && (isNegative || buffer[at] === PLUS)) at++;
  if (at === end || end - at > EXPONENT_DIGITS) return false;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = buffer[at]!;
    if (!isDigit(digit)) return false;
    exponent = exponent * 10 + (digit - ZERO);
  }
  found.exponent = isNegative ? -exponent : exponent;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** What a number begins with when it is written to be compared. */
const NEGATIVE = 1;
const NOUGHT = 2;
const POSITIVE = 3;

/** Above whatever a number begins with. */
export const AFTER_NUMBERS = 4;

/**
 * Writes a number in such a way that comparing bytes compares numbers, exactly, however many digits they have:
 * sign, decimal exponent, two digits a byte, 0. All after the sign is inverted for numbers below 0.
 * @returns false, with nothing written, when the text is no number
 */
export function writeDecimal(slice: Slice, out: ByteWriter): boolean {
  if (!readDecimal(slice)) return false;
  const { buffer } = slice;
  const { wholeTo, fractionFrom, fractionTo } = found;
  // The digits from the first to the last that is not 0; between whole and fraction may stand the point.
  let first = found.wholeFrom;
  let last = fractionTo;
  while (first < last && !(buffer[first]! > ZERO)) first++;
  while (last > first && !(buffer[last - 1]! > ZERO)) last--;
  if (first === last) {
    out.byte(NOUGHT);
    return true;
  }
  const mask = found.negative ? 255 : 0;
  const leading = first < wholeTo ? wholeTo - first : fractionFrom - first;
  const exponent = found.exponent + leading + BIAS;
  out.byte(found.negative ? NEGATIVE : POSITIVE);
  out.byte((exponent >> 8) ^ mask);
  out.byte((exponent & 255) ^ mask);
  writeDigits(buffer, first, last, mask, out);
  return true;
}

function writeDigits(buffer: Buffer, first: number, last: number, mask: number, out: ByteWriter): void {
  let pair = -1;
  for (let at = first; at < last; at++) {
    const digit = buffer[at]! - ZERO;
    if (digit < 0) continue;
    if (pair < 0) pair = digit * 10;
    else {
      out.byte((pair + digit + 1) ^ mask);
      pair = -1;
    }
  }
  if (pair >= 0) out.byte((pair + 1) ^ mask);
  out.byte(mask);
}

/** A number as `units / 10^scale`, exactly; beyond 15 digits as the nearest floating-point number with scale 0. */
export const decimal = { units: 0, scale: 0, isExact: true };

const EXACT_DIGITS = 15;

/** Reads a number into `decimal`; false when the text is no number. */
export function parseDecimal(slice: Slice): boolean {
  if (!readDecimal(slice)) return false;
  const { buffer, start, end } = slice;
  const { wholeFrom, wholeTo, fractionFrom, fractionTo } = found;
  const digits = wholeTo - wholeFrom + (fractionTo - fractionFrom);
  if (found.exponent !== 0 || digits > EXACT_DIGITS) {
    decimal.units = Number(buffer.toString('latin1', start, end));
    decimal.scale = 0;
    decimal.isExact = false;
    return true;
  }
  let units = 0;
  for (let at = wholeFrom; at < wholeTo; at++) units = units * 10 + (buffer[at]! - ZERO);
  for (let at = fractionFrom; at < fractionTo; at++) units = units * 10 + (buffer[at]! - ZERO);
  decimal.units = found.negative ? -units : units;
  decimal.scale = fractionTo - fractionFrom;
  decimal.isExact = true;
  return true;
}
