import { type Readable, pipeline } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** As much of a body as was wanted. */
export interface BoundedBody {
  readonly bytes: Buffer;
  /** There was more. */
  readonly truncated: boolean;
}

/** What was left out at the end is for HTTP's own framing to notice, and a body may be empty. */
const LENIENT = { finishFlush: constants.Z_SYNC_FLUSH };

const decoders: ReadonlyMap<string, () => NodeJS.ReadWriteStream> = new Map([
  ['gzip', () => createGunzip(LENIENT)],
  ['x-gzip', () => createGunzip(LENIENT)],
  ['deflate', () => createInflate(LENIENT)],
  ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
]);

/**
 * Reads a body up to so many bytes and leaves the rest where it is. It is decompressed as it is read, so that no more
 * than that comes out of it, however much is packed into it; a coding that is not known is left as it is.
 * @param coding the header `content-encoding`
 * @throws whatever the stream or the decompression fails with
 */
export async function readBounded(source: Readable, most: number, coding = ''): Promise<BoundedBody> {
  // Leaving the loop below destroys the streams, which they report as an error.
  source.on('error', () => undefined);
  const decode = decoders.get(coding.trim().toLowerCase());
  const stream = decode ? pipeline(source, decode(), () => undefined) : source;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > most) break;
  }
  const bytes = Buffer.concat(chunks);
  return { bytes: Buffer.from(bytes.subarray(0, most)), truncated: length > most };
}
