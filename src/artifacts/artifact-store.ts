import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Readable } from 'node:stream';
import { Repository } from 'typeorm';
import { isUuid } from '../common/index.js';
import { CommitUnknownError, Postgres, retryConflicts } from '../database/index.js';
import type { Artifact, ArtifactContent, OpenArtifact } from './artifact.js';
import { ArtifactRecord } from './artifact.entity.js';
import {
  ArtifactNotFoundError,
  ArtifactRefusedError,
  ArtifactUnavailableError,
  TooManyArtifactsError,
} from './artifact.errors.js';
import { ArtifactFiles } from './artifact-files.js';
import { ArtifactIntake, type TakenIn } from './artifact-intake.js';
import { artifactNameFault, normalContentType, requireArtifactName } from './artifact-name.js';
import { LOCK_CLAIM, SELECT_OTHERS, UPSERT_ARTIFACT } from './artifacts.sql.js';

/** Files that one job may have. */
export const MOST_ARTIFACTS = 100;

/** The attempt that writes. */
export interface ArtifactWriter {
  readonly jobId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** The bytes that are wanted of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Decides which part of a file is wanted; undefined = all of it. */
export type PartOf = (artifact: Artifact) => ByteRange | undefined;

/** A file, or a part of it, that is being read. */
export interface OpenPart extends OpenArtifact {
  /** Undefined when it is all of it. */
  readonly range: ByteRange | undefined;
}

type NewRow = TakenIn & Pick<Artifact, 'name' | 'contentType'>;

/** Stores the files of jobs: rows for all of them, and files for the content of large ones. */
@Injectable()
export class ArtifactStore {
  constructor(
    @InjectRepository(ArtifactRecord) private readonly artifacts: Repository<ArtifactRecord>,
    private readonly postgres: Postgres,
    private readonly intake: ArtifactIntake,
    private readonly files: ArtifactFiles,
  ) {}

  /** Stores a file of an attempt that holds its job; see JobArtifacts.write. */
  async write(
    writer: ArtifactWriter,
    name: string,
    contentType: string,
    content: ArtifactContent,
  ): Promise<Artifact> {
    requireArtifactName(name);
    const normalType = normalContentType(contentType);
    const taken = await this.intake.take({ ...writer, name }, content);
    return this.record(writer, { ...taken, name, contentType: normalType });
  }

  /** What is on record of a file; nothing when there is none, also when there cannot be one of this name. */
  async find(jobId: string, name: string): Promise<Artifact | undefined> {
    return (await this.row(jobId, name)) ?? undefined;
  }

  /**
   * Opens a file, or the part of it that is wanted.
   * @throws ArtifactNotFoundError; ArtifactUnavailableError when it is not in this DATA_DIR; what `partOf` throws
   */
  async open(jobId: string, name: string, partOf: PartOf = () => undefined): Promise<OpenPart> {
    let missed: string | undefined;
    for (;;) {
      const row = await this.row(jobId, name);
      if (!row) throw new ArtifactNotFoundError(jobId, name);
      const artifact = toArtifact(row);
      const range = partOf(artifact);
      const content = row.file ? await this.read(jobId, row.file, range) : await this.fetch(row, range);
      if (content) return { artifact, content, range };
      // What was replaced between the two looks is read in its new version.
      if (row.file === missed) throw new ArtifactUnavailableError(jobId, name);
      missed = row.file ?? undefined;
    }
  }

  /** The files of a job, by name. */
  async list(jobId: string): Promise<Artifact[]> {
    if (!isUuid(jobId)) return [];
    const rows = await this.artifacts.find({ where: { jobId }, order: { name: 'ASC' } });
    return rows.map(toArtifact);
  }

  private async row(jobId: string, name: string): Promise<ArtifactRecord | null> {
    if (!isUuid(jobId) || artifactNameFault(name) !== undefined) return null;
    return this.artifacts.findOneBy({ jobId, name });
  }

  private async read(jobId: string, file: string, range?: ByteRange): Promise<Readable | undefined> {
    const handle = await this.files.open(jobId, file);
    return handle?.createReadStream(range);
  }

  private async fetch({ jobId, name, sha256 }: ArtifactRecord, range?: ByteRange) {
    const row = await this.artifacts.findOne({ select: { content: true }, where: { jobId, name, sha256 } });
    if (!row?.content) return undefined;
    const { start, end } = range ?? { start: 0, end: row.content.byteLength - 1 };
    return Readable.from([row.content.subarray(start, end + 1)], { objectMode: false });
  }

  private async record(writer: ArtifactWriter, row: NewRow): Promise<Artifact> {
    try {
      const { createdAt, replaced } = await retryConflicts(() => this.commit(writer, row));
      if (replaced) await this.files.remove(writer.jobId, replaced);
      return toArtifact({ ...row, createdAt });
    } catch (error) {
      // When nobody knows whether the row is there, the sweep decides about its file.
      if (row.file && !(error instanceof CommitUnknownError)) await this.files.remove(writer.jobId, row.file);
      throw error;
    }
  }

  private commit({ jobId, attempt }: ArtifactWriter, row: NewRow) {
    return this.postgres.transaction(async (session) => {
      const held = await session.query(LOCK_CLAIM, [jobId, attempt]);
      if (held.rows.length === 0) throw new ArtifactRefusedError(jobId, attempt, row.name);
      const { rows: beside } = await session.query<{ others: number; replaced: string | null }>(
        SELECT_OTHERS,
        [jobId, row.name],
      );
      if ((beside[0]?.others ?? 0) >= MOST_ARTIFACTS) throw new TooManyArtifactsError(jobId, MOST_ARTIFACTS);
      const { name, contentType, bytes, sha256, content, file } = row;
      const { rows: stored } = await session.query<{ createdAt: Date }>(UPSERT_ARTIFACT, [
        ...[jobId, name, contentType, bytes, sha256, content, file],
      ]);
      return { createdAt: stored[0]?.createdAt ?? new Date(), replaced: beside[0]?.replaced };
    });
  }
}

function toArtifact({ name, contentType, bytes, sha256, createdAt }: Artifact): Artifact {
  return { name, contentType, bytes, sha256, createdAt };
}
