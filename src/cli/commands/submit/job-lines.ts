import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../../cli.error.js';
import { EXIT_CODES } from '../../exit-codes.js';

/** A job of a file. */
export interface JobLine {
  /** Its line, from 1 on. */
  readonly number: number;
  readonly job: Readonly<Record<string, unknown>>;
  /** The bytes it takes. */
  readonly bytes: number;
}

/** Jobs that go out together. */
export type Batch = readonly JobLine[];

/** What tells a file from any other: the beginning of the SHA-256 of its content. @throws CliError */
export async function fingerprintOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return hash.digest('hex').slice(0, 32);
}

/**
 * The jobs of a file, or of standard input (`-`), a number and an amount of bytes at a time.
 * @throws CliError naming the line that holds no job; what comes before it has been given out
 */
export async function* batchesOf(
  file: string,
  { most, bytes }: { most: number; bytes: number },
): AsyncGenerator<Batch, void> {
  let batch: JobLine[] = [];
  let size = 0;
  for await (const line of linesOf(file)) {
    if (line instanceof CliError) {
      if (batch.length > 0) yield batch;
      throw line;
    }
    if (batch.length === most || (batch.length > 0 && size + line.bytes > bytes)) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(line);
    size += line.bytes;
  }
  if (batch.length > 0) yield batch;
}

async function* linesOf(file: string): AsyncGenerator<JobLine | CliError, void> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let number = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      const plain = number === 1 ? text.replace(/^\ufeff/, '') : text;
      if (plain.trim() !== '') yield jobIn(plain, file, number);
    }
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(file, error);
  }
}

function jobIn(text: string, file: string, number: number): JobLine | CliError {
  const place = `${nameOf(file)}:${number}`;
  try {
    const job: unknown = JSON.parse(text);
    if (typeof job === 'object' && job !== null && !Array.isArray(job))
      return { number, job: job as JobLine['job'], bytes: Buffer.byteLength(text) };
    return new CliError(
      EXIT_CODES.input,
      `${place}: a job is an object, such as {"type": "echo", "payload": {}}.`,
    );
  } catch (error) {
    return new CliError(EXIT_CODES.input, `${place}: this is no JSON: ${(error as Error).message}.`);
  }
}

/** A file as it is called in messages. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

function unreadable(file: string, error: unknown): CliError {
  return new CliError(EXIT_CODES.input, `${nameOf(file)} cannot be read: ${(error as Error).message}.`);
}
