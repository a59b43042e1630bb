import { PermanentFailure } from '../queue/index.js';

/** A name or a content type that cannot be kept. */
export class InvalidArtifactError extends PermanentFailure {
  override readonly name = 'InvalidArtifactError';
}

/** More bytes than a file may have. */
export class ArtifactTooLargeError extends PermanentFailure {
  override readonly name = 'ArtifactTooLargeError';

  constructor(name: string, maxBytes: number) {
    super(`Artifact "${name}" has more than ${maxBytes} bytes: raise ARTIFACT_MAX_BYTES, or produce less`);
  }
}

/** More files than a job may have. */
export class TooManyArtifactsError extends PermanentFailure {
  override readonly name = 'TooManyArtifactsError';

  constructor(jobId: string, most: number) {
    super(`Job ${jobId} has ${most} artifacts, and no job may have more: put them into an archive`);
  }
}

/** There is no such file. */
export class ArtifactNotFoundError extends PermanentFailure {
  override readonly name = 'ArtifactNotFoundError';

  constructor(jobId: string, name: string) {
    super(
      `Job ${jobId} has no artifact "${name}": GET /jobs/${jobId}/artifacts lists what it has; retention deletes files with their job`,
    );
  }
}

/** The attempt has no right to its job any more; what it wrote is gone. */
export class ArtifactRefusedError extends Error {
  override readonly name = 'ArtifactRefusedError';

  constructor(jobId: string, attempt: number, name: string) {
    super(
      `Artifact "${name}" was not stored: attempt ${attempt} of job ${jobId} has ended or was taken over, and the other attempt counts`,
    );
  }
}

/** It is on record, and its file is not here. Another time or on another machine it may be. */
export class ArtifactUnavailableError extends Error {
  override readonly name = 'ArtifactUnavailableError';

  constructor(jobId: string, name: string) {
    super(
      `Artifact "${name}" of job ${jobId} is on record, but its file is not in this machine's DATA_DIR: let the API and all workers share one folder`,
    );
  }
}
