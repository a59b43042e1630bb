import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { CONFIG, type Config } from '../config/index.js';
import type { ArtifactContent } from './artifact.js';
import { ArtifactTooLargeError } from './artifact.errors.js';
import { ArtifactFiles, type NewFile } from './artifact-files.js';

/** Up to this size (bytes) content lies in the database: in its backups, and without a shared folder. */
const LARGEST_IN_DATABASE = 1_048_576;

/** Content that has been taken in: as itself, or as the name of the file it lies in. */
export interface TakenIn {
  readonly bytes: number;
  readonly sha256: string;
  readonly content: Buffer | null;
  readonly file: string | null;
}

/** Takes content in, piece by piece; memory stays at LARGEST_IN_DATABASE and a piece. */
@Injectable()
export class ArtifactIntake {
  constructor(
    private readonly files: ArtifactFiles,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @throws ArtifactTooLargeError; the signal's reason when it fires between two pieces; what the content throws.
   *   In all these cases nothing is left behind
   */
  async take(
    { jobId, name, signal }: { jobId: string; name: string; signal: AbortSignal },
    content: ArtifactContent,
  ): Promise<TakenIn> {
    const { maxBytes } = this.config.artifacts;
    const hash = createHash('sha256');
    let bytes = 0;
    let start: Uint8Array[] = [];
    let file: NewFile | undefined;
    try {
      for await (const piece of piecesOf(content)) {
        signal.throwIfAborted();
        const chunk = bytesOf(piece);
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new ArtifactTooLargeError(name, maxBytes);
        hash.update(chunk);
        if (file) {
          await file.append(chunk);
        } else if (bytes <= LARGEST_IN_DATABASE) {
          // A copy: whoever made it may use the same memory for the next one.
          start.push(Buffer.from(chunk));
        } else {
          file = await this.files.create(jobId);
          for (const earlier of [...start, chunk]) await file.append(earlier);
          start = [];
        }
      }
      const taken = { bytes, sha256: hash.digest('hex') };
      return file
        ? { ...taken, content: null, file: await file.keep() }
        : { ...taken, content: Buffer.concat(start), file: null };
    } catch (error) {
      await file?.discard();
      throw error;
    }
  }
}

function piecesOf(content: ArtifactContent): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof content === 'string') return [Buffer.from(content, 'utf8')];
  return content instanceof Uint8Array ? [content] : content;
}

/** What handlers hand over may be anything, and a stream with an encoding gives text. */
function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (typeof piece === 'string') return Buffer.from(piece, 'utf8');
  throw new TypeError(`The content of an artifact must come as bytes, not as pieces of type ${typeof piece}`);
}
