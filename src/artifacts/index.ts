export type { Artifact, ArtifactContent, JobArtifacts, OpenArtifact } from './artifact.js';
export {
  ArtifactNotFoundError,
  ArtifactRefusedError,
  ArtifactTooLargeError,
  ArtifactUnavailableError,
  InvalidArtifactError,
  TooManyArtifactsError,
} from './artifact.errors.js';
export { artifactNameFault } from './artifact-name.js';
export { ArtifactStore, type ByteRange } from './artifact-store.js';
export { ArtifactSweep } from './artifact-sweep.js';
export { ArtifactsModule } from './artifacts.module.js';
export { InMemoryArtifacts } from './in-memory/in-memory-artifacts.js';
export { inMemoryArtifacts } from './in-memory/providers.js';
export { AttemptArtifacts } from './attempt-artifacts.js';
