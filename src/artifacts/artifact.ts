import type { Readable } from 'node:stream';

/** A file that a job produced. */
export interface Artifact {
  /** Of its job's own; see `artifactNameFault` for what it may hold. */
  readonly name: string;
  /** A media type, such as `text/csv; charset=utf-8`. */
  readonly contentType: string;
  readonly bytes: number;
  /** Of its content, in hexadecimal. */
  readonly sha256: string;
  /** When this content was stored: later than the first of its name when that was replaced. */
  readonly createdAt: Date;
}

/** What a file is made of: all of it, or piece by piece. */
export type ArtifactContent = string | Uint8Array | AsyncIterable<Uint8Array>;

/** A file that is being read; whoever opened it reads it to its end or destroys `content`. */
export interface OpenArtifact {
  readonly artifact: Artifact;
  readonly content: Readable;
}

/** The files of jobs, as an attempt may use them. */
export interface JobArtifacts {
  /**
   * Stores a file under a name of this job, at once and also inside `transaction(fn)`; one of the same name is
   * replaced. What is iterated over is streamed: memory stays at 1 MiB however large the file.
   * @param content text is stored as UTF-8
   * @throws InvalidArtifactError for a name or content type that cannot be kept, ArtifactTooLargeError beyond
   *   ARTIFACT_MAX_BYTES, TooManyArtifactsError beyond 100 a job: all three are permanent failures; ArtifactRefusedError
   *   when the attempt has ended or was taken over; what the content throws
   */
  write(name: string, contentType: string, content: ArtifactContent): Promise<Artifact>;
  /**
   * Opens a file of this or another job.
   * @throws ArtifactNotFoundError, a permanent failure; ArtifactUnavailableError when it is not in this DATA_DIR
   */
  open(jobId: string, name: string): Promise<OpenArtifact>;
  /** The files of this or another job, by name; none when there is no such job. */
  list(jobId: string): Promise<Artifact[]>;
}
