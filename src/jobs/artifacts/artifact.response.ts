import { Integer, ListOf, Text } from '../../common/http/index.js';
import type { Artifact } from '../../artifacts/index.js';

/** A file of a job as it leaves. */
export class ArtifactResponse {
  @Text({ description: "Of its job's own.", maxLength: 255, example: 'report.pdf' })
  name: string;

  @Text({ description: 'Its media type.', maxLength: 255, example: 'application/pdf' })
  content_type: string;

  @Integer({ description: 'Its size.', min: 0, max: Number.MAX_SAFE_INTEGER, example: 48_211 })
  bytes: number;

  @Text({
    description: 'Of its content, in hexadecimal; as a strong `ETag` too.',
    maxLength: 64,
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256: string;

  @Text({
    description: 'When it was stored, or last replaced.',
    maxLength: 30,
    format: 'date-time',
    example: '2026-02-01T14:30:00.000Z',
  })
  created_at: string;

  @Text({
    description: 'Where it is downloaded.',
    maxLength: 1_000,
    example: '/jobs/01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55/artifacts/report.pdf',
  })
  url: string;
}

export class ArtifactListResponse {
  @ListOf({ description: 'By name.', of: ArtifactResponse })
  artifacts: ArtifactResponse[];
}

export function toArtifactResponse(jobId: string, artifact: Artifact): ArtifactResponse {
  const { name, contentType, bytes, sha256, createdAt } = artifact;
  return {
    name,
    content_type: contentType,
    bytes,
    sha256,
    created_at: createdAt.toISOString(),
    url: `/jobs/${jobId}/artifacts/${encodeURIComponent(name)}`,
  };
}
