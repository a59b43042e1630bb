import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { JobMemory } from '../../queue/index.js';
import type { Artifact, ArtifactContent, OpenArtifact } from '../artifact.js';
import { ArtifactNotFoundError, ArtifactRefusedError, TooManyArtifactsError } from '../artifact.errors.js';
import { ArtifactIntake } from '../artifact-intake.js';
import { normalContentType, requireArtifactName } from '../artifact-name.js';
import { type ArtifactStore, type ArtifactWriter, MOST_ARTIFACTS } from '../artifact-store.js';
import { InMemoryFiles } from './in-memory-files.js';

interface Kept {
  readonly artifact: Artifact;
  readonly content: Buffer;
}

/** Keeps the files of jobs in memory, in the bounds that the real store has. */
@Injectable()
export class InMemoryArtifacts implements Pick<ArtifactStore, 'write' | 'list'> {
  /** By job, then by name. */
  private readonly kept = new Map<string, Map<string, Kept>>();

  constructor(
    private readonly memory: JobMemory,
    private readonly intake: ArtifactIntake,
    private readonly files: InMemoryFiles,
  ) {}

  async write(
    writer: ArtifactWriter,
    name: string,
    contentType: string,
    content: ArtifactContent,
  ): Promise<Artifact> {
    requireArtifactName(name);
    const normalType = normalContentType(contentType);
    const { bytes, sha256, ...taken } = await this.intake.take({ ...writer, name }, content);
    const whole = taken.file === null ? taken.content : this.files.take(taken.file);
    const ofJob = this.writable(writer, name);
    const artifact = { name, contentType: normalType, bytes, sha256, createdAt: this.memory.now };
    ofJob.set(name, { artifact, content: whole ?? Buffer.alloc(0) });
    this.kept.set(writer.jobId, ofJob);
    return artifact;
  }

  /** @throws ArtifactNotFoundError */
  async open(jobId: string, name: string): Promise<OpenArtifact> {
    const { artifact } = this.find(jobId, name);
    return { artifact, content: Readable.from([this.contentOf(jobId, name)], { objectMode: false }) };
  }

  /** The files of a job, by name. */
  async list(jobId: string): Promise<Artifact[]> {
    return this.artifactsOf(jobId);
  }

  /** The same at once. */
  artifactsOf(jobId: string): Artifact[] {
    const artifacts = [...this.ofJob(jobId).values()].map(({ artifact }) => artifact);
    return artifacts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws ArtifactNotFoundError */
  contentOf(jobId: string, name: string): Buffer {
    return Buffer.from(this.find(jobId, name).content);
  }

  clear(): void {
    this.kept.clear();
  }

  /** The files of a job, to which its attempt may add one of this name. */
  private writable({ jobId, attempt }: ArtifactWriter, name: string): Map<string, Kept> {
    const job = this.memory.jobs.get(jobId);
    if (job?.status !== 'PROCESSING' || job.attempts !== attempt)
      throw new ArtifactRefusedError(jobId, attempt, name);
    const ofJob = this.ofJob(jobId);
    if (!ofJob.has(name) && ofJob.size >= MOST_ARTIFACTS)
      throw new TooManyArtifactsError(jobId, MOST_ARTIFACTS);
    return ofJob;
  }

  private find(jobId: string, name: string): Kept {
    const kept = this.ofJob(jobId).get(name);
    if (!kept) throw new ArtifactNotFoundError(jobId, name);
    return kept;
  }

  /** Files go with their job. */
  private ofJob(jobId: string): Map<string, Kept> {
    return (this.memory.jobs.has(jobId) ? this.kept.get(jobId) : undefined) ?? new Map<string, Kept>();
  }
}
