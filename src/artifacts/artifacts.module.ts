import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArtifactRecord } from './artifact.entity.js';
import { ArtifactFiles } from './artifact-files.js';
import { ArtifactFolder } from './artifact-folder.js';
import { ArtifactIntake } from './artifact-intake.js';
import { ArtifactStore } from './artifact-store.js';
import { ArtifactSweep } from './artifact-sweep.js';

/** The files that jobs produce. */
@Module({
  imports: [TypeOrmModule.forFeature([ArtifactRecord])],
  providers: [ArtifactStore, ArtifactIntake, ArtifactFiles, ArtifactFolder, ArtifactSweep],
  exports: [ArtifactStore, ArtifactSweep],
})
export class ArtifactsModule {}
