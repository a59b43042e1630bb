import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);

const SECRET_BYTES = 32;

/** How many digits 128, 256 and 32 bits need at most. */
const ID_DIGITS = 22;
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;

const FORM = new RegExp(`^rh_([0-9A-Za-z]{${ID_DIGITS}})_[0-9A-Za-z]{${SECRET_DIGITS + CHECKSUM_DIGITS}}$`);

/**
 * A new API key: `rh_`, the id of the key, 256 random bits, and a checksum by which programs that look for leaked
 * secrets, and we without asking the database, tell a key from what only looks like one. One double click selects it.
 * @param id a UUID
 */
export function newKeyToken(id: string): string {
  const idDigits = inDigits(BigInt(`0x${id.replaceAll('-', '')}`), ID_DIGITS);
  const secret = inDigits(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS);
  const text = `rh_${idDigits}_${secret}`;
  return text + checksumOf(text);
}

/** The id in an API key, a UUID; undefined = it is none. */
export function idOfKeyToken(text: string): string | undefined {
  const [, digits] = FORM.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (checksumOf(text.slice(0, -CHECKSUM_DIGITS)) !== text.slice(-CHECKSUM_DIGITS)) return undefined;
  const hex = fromDigits(digits).toString(16).padStart(32, '0');
  if (hex.length > 32) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function checksumOf(text: string): string {
  return inDigits(BigInt(crc32(text)), CHECKSUM_DIGITS);
}

function inDigits(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= BASE)
    digits = DIGITS.charAt(Number(rest % BASE)) + digits;
  return digits;
}

function fromDigits(digits: string): bigint {
  return Array.from(digits).reduce((value, digit) => value * BASE + BigInt(DIGITS.indexOf(digit)), 0n);
}
