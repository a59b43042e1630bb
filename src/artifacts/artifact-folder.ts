import { Inject, Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { SELECT_FOLDER } from './artifacts.sql.js';

/** Where the large files of this database's jobs lie: no name that anybody gave is part of a path. */
@Injectable()
export class ArtifactFolder {
  private root: string | undefined;

  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The folder of all jobs. Other databases have folders of their own beside it. */
  async path(): Promise<string> {
    this.root ??= await this.look();
    return this.root;
  }

  /** The folder of one job. The end of an id is random; its beginning is the time, alike for months. */
  async ofJob(jobId: string): Promise<string> {
    return join(await this.path(), jobId.slice(-2), jobId);
  }

  private async look(): Promise<string> {
    const { rows } = await this.postgres.query<{ name: string }>(SELECT_FOLDER);
    const [folder] = rows;
    if (!folder)
      throw new Error('The table artifact_folder is empty: INSERT INTO artifact_folder DEFAULT VALUES;');
    return join(this.config.dataDir, 'artifacts', folder.name);
  }
}
