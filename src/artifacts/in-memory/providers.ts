import type { Provider } from '@nestjs/common';
import { ArtifactFiles } from '../artifact-files.js';
import { ArtifactIntake } from '../artifact-intake.js';
import { ArtifactStore } from '../artifact-store.js';
import { InMemoryArtifacts } from './in-memory-artifacts.js';
import { InMemoryFiles } from './in-memory-files.js';

/** The files of jobs in memory, under the names of the real store. They need a queue in memory beside them. */
export const inMemoryArtifacts: readonly Provider[] = [
  InMemoryFiles,
  { provide: ArtifactFiles, useExisting: InMemoryFiles },
  ArtifactIntake,
  InMemoryArtifacts,
  { provide: ArtifactStore, useExisting: InMemoryArtifacts },
];
