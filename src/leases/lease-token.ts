import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token stands for: one attempt of one job, and for how long (s) it is held without a word. */
export interface LeaseOf {
  readonly jobId: string;
  readonly attempt: number;
  readonly seconds: number;
}

/** By which people, and scanners for secrets, know it. */
const PREFIX = 'rhl_';

const UUID_BYTES = 16;
const ATTEMPT_BYTES = 4;
const SECONDS_BYTES = 2;
const CONTENT_BYTES = UUID_BYTES + ATTEMPT_BYTES + SECONDS_BYTES;
/** 128 bits: nobody guesses one. */
const SIGNATURE_BYTES = 16;

/** The longest text that can be one, in characters. */
const LONGEST_TOKEN = PREFIX.length + Math.ceil(((CONTENT_BYTES + SIGNATURE_BYTES) * 4) / 3);

/**
 * A text that only who has the key can make, and that says which attempt it belongs to: nothing has to be stored with a
 * claim, so that a claim cannot be without its token, nor a token without its claim.
 */
export function toToken({ jobId, attempt, seconds }: LeaseOf, key: string): string {
  const content = Buffer.alloc(CONTENT_BYTES);
  content.write(jobId.replaceAll('-', ''), 'hex');
  content.writeUInt32BE(attempt, UUID_BYTES);
  content.writeUInt16BE(seconds, UUID_BYTES + ATTEMPT_BYTES);
  return PREFIX + Buffer.concat([content, signatureOf(content, key)]).toString('base64url');
}

/** What a token stands for; undefined when it was not made with this key. */
export function fromToken(token: string, key: string): LeaseOf | undefined {
  if (!token.startsWith(PREFIX) || token.length > LONGEST_TOKEN) return undefined;
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  if (bytes.length !== CONTENT_BYTES + SIGNATURE_BYTES) return undefined;
  const content = bytes.subarray(0, CONTENT_BYTES);
  if (!timingSafeEqual(bytes.subarray(CONTENT_BYTES), signatureOf(content, key))) return undefined;
  return {
    jobId: content
      .toString('hex', 0, UUID_BYTES)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    attempt: content.readUInt32BE(UUID_BYTES),
    seconds: content.readUInt16BE(UUID_BYTES + ATTEMPT_BYTES),
  };
}

function signatureOf(content: Buffer, key: string): Buffer {
  return createHmac('sha256', key).update(content).digest().subarray(0, SIGNATURE_BYTES);
}
