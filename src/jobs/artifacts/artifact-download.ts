import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import {
  type Artifact,
  ArtifactNotFoundError,
  ArtifactStore,
  ArtifactUnavailableError,
  type ByteRange,
} from '../../artifacts/index.js';
import { DomainError } from '../../common/index.js';
import { byteRangeOf } from './byte-range.js';

/** Answers with the content of a file: all of it, a part, or only what there is to say of it. */
@Injectable()
export class ArtifactDownload {
  constructor(private readonly artifacts: ArtifactStore) {}

  /**
   * Sets status and headers; answers with the content, with nothing when the caller has it.
   * @throws DomainError artifact_not_found, range_not_satisfiable
   */
  async answer(
    jobId: string,
    name: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Readable | undefined> {
    const artifact = await this.artifacts.find(jobId, name);
    if (!artifact)
      throw new DomainError('artifact_not_found', new ArtifactNotFoundError(jobId, name).message);
    if (isKnown(request.headers['if-none-match'], etagOf(artifact))) {
      void reply.status(304).header('ETag', etagOf(artifact));
      return undefined;
    }
    // Fastify would read the content to its end to tell nobody.
    if (request.method === 'HEAD') {
      describe(reply, artifact, undefined);
      return Readable.from([]);
    }
    return this.open(jobId, name, request, reply);
  }

  private async open(jobId: string, name: string, request: FastifyRequest, reply: FastifyReply) {
    try {
      const opened = await this.artifacts.open(jobId, name, (artifact) =>
        rangeWanted(request, reply, artifact),
      );
      describe(reply, opened.artifact, opened.range);
      return opened.content;
    } catch (error) {
      if (error instanceof ArtifactNotFoundError || error instanceof ArtifactUnavailableError)
        throw new DomainError('artifact_not_found', error.message, { cause: error });
      throw error;
    }
  }
}

/**
 * A part of another version than the caller has would fit to nothing (`If-Range`).
 * @throws DomainError range_not_satisfiable
 */
function rangeWanted(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  artifact: Artifact,
): ByteRange | undefined {
  const ifRange = headers['if-range'];
  if (ifRange !== undefined && ifRange !== etagOf(artifact)) return undefined;
  const range = byteRangeOf(headers.range, artifact.bytes);
  if (range !== 'outside') return range;
  void reply.header('Content-Range', `bytes */${artifact.bytes}`);
  throw new DomainError(
    'range_not_satisfiable',
    `The artifact has ${artifact.bytes} bytes, and none of them lies in this range: ask for one that begins before`,
  );
}

function describe(reply: FastifyReply, artifact: Artifact, range: ByteRange | undefined): void {
  const { name, contentType, bytes } = artifact;
  if (range) void reply.status(206).header('Content-Range', `bytes ${range.start}-${range.end}/${bytes}`);
  void reply.headers({
    'Content-Type': contentType,
    'Content-Length': range ? range.end - range.start + 1 : bytes,
    'Content-Disposition': `attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Accept-Ranges': 'bytes',
    ETag: etagOf(artifact),
    // It may be replaced, and whoever deletes the job wants it gone.
    'Cache-Control': 'private, no-cache',
    // Whatever a job produced, a browser must neither run it nor take it for something else.
    'Content-Security-Policy': 'sandbox',
    'X-Content-Type-Options': 'nosniff',
  });
}

function etagOf({ sha256 }: Artifact): string {
  return `"${sha256}"`;
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag);
}
