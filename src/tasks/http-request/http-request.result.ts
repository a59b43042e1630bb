import type { OutboundResponse } from '../../egress/index.js';

/** What is kept of a result is 256 KiB of JSON; the rest of it takes up to 16 KiB of that. */
const MOST_BODY_JSON_BYTES = 240 * 1024;
const LONGEST_HEADER = 1_024;

/** Headers that say something of the answer and hold no credentials: cookies, for one, are left out. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'retry-after',
  'x-request-id',
];

/** What a job that has sent a request answers with. */
export interface HttpRequestResult {
  readonly status: number;
  /** A part of them, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How the body stands in `body`. */
  readonly encoding: 'utf-8' | 'base64';
  /** How many bytes of the body are kept. */
  readonly bytes: number;
  /** The body was longer. */
  readonly truncated: boolean;
  /** The one that answered in the end. */
  readonly url: string;
  readonly redirects: number;
  readonly duration_ms: number;
}

/** How an answer came. */
interface Course {
  readonly url: string;
  readonly redirects: number;
  readonly durationMs: number;
}

/** The result of a request. */
export function toResult(
  { status, headers, body }: OutboundResponse,
  { url, redirects, durationMs }: Course,
): HttpRequestResult {
  return {
    status,
    headers: keptOf(headers),
    ...fitting(body.bytes, body.truncated),
    url,
    redirects,
    duration_ms: Math.round(durationMs),
  };
}

function keptOf(headers: OutboundResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, [value].flat().join(', ').slice(0, LONGEST_HEADER)]];
    }),
  );
}

interface WrittenBody {
  readonly body: string;
  readonly encoding: 'utf-8' | 'base64';
  readonly bytes: number;
  readonly truncated: boolean;
}

/** As much of the body as a job's result can hold: base64 and what JSON escapes take more room than they have bytes. */
function fitting(bytes: Buffer, truncated: boolean): WrittenBody {
  const written = write(bytes, truncated);
  const size = Buffer.byteLength(JSON.stringify(written.body));
  if (size <= MOST_BODY_JSON_BYTES) return written;
  // What takes more room than the rest may stand at the beginning: then it is cut again.
  const most = Math.floor((bytes.length * MOST_BODY_JSON_BYTES) / size) - 1;
  return fitting(bytes.subarray(0, most), true);
}

function write(bytes: Buffer, truncated: boolean): WrittenBody {
  const whole = truncated ? withoutHalfACharacter(bytes) : bytes;
  const text = textOf(whole);
  return text === undefined
    ? { body: bytes.toString('base64'), encoding: 'base64', bytes: bytes.length, truncated }
    : { body: text, encoding: 'utf-8', bytes: whole.length, truncated };
}

/** Undefined when it is no UTF-8, or holds a NUL, which PostgreSQL cannot store. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Without the beginning of a character of UTF-8 that is not all there. */
function withoutHalfACharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
