import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SELECT_DURABILITY, SELECT_UNLOGGED } from './durability.sql.js';
import { Postgres, type Session } from './postgres.js';
import { untilItSucceeds } from './until-it-succeeds.js';

/** A way in which jobs that were accepted can be lost. */
export interface DurabilityFault {
  readonly says: string;
  readonly fix: string;
}

/** What else but ALTER SYSTEM may have set it: what was set closer to us wins. */
const CLOSER: Readonly<Record<string, string>> = {
  user: 'ALTER ROLE CURRENT_USER RESET synchronous_commit',
  'database user': 'ALTER ROLE CURRENT_USER IN DATABASE … RESET synchronous_commit',
  database: 'ALTER DATABASE … RESET synchronous_commit',
};

/** Whether a commit here survives a crash of the server; what keeps it from that. */
export async function durabilityFaults(session: Session): Promise<DurabilityFault[]> {
  const { rows: settings } = await session.query<{ name: string; setting: string; source: string }>(
    SELECT_DURABILITY,
  );
  const { rows: tables } = await session.query<{ name: string }>(SELECT_UNLOGGED);
  return [
    ...settings
      .filter(({ setting }) => setting === 'off')
      .map(({ name, source }) => ({
        says: `${name} is off`,
        fix: `${CLOSER[source] ?? `ALTER SYSTEM SET ${name} = on`}; SELECT pg_reload_conf();`,
      })),
    ...tables.map(({ name }) => ({
      says: `The table ${name} is UNLOGGED`,
      fix: `ALTER TABLE ${name} SET LOGGED;`,
    })),
  ];
}

/** Says at the start of every process when an accepted job can be lost here. */
@Injectable()
export class DurabilityBanner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Durability');
  private giveUp = (): void => undefined;

  constructor(private readonly postgres: Postgres) {}

  onApplicationBootstrap(): void {
    this.giveUp = untilItSucceeds(() => this.say());
  }

  onApplicationShutdown(): void {
    this.giveUp();
  }

  private async say(): Promise<void> {
    for (const { says, fix } of await durabilityFaults(this.postgres)) {
      this.logger.error(`ACCEPTED JOBS CAN BE LOST when this PostgreSQL crashes: ${says}. Change it: ${fix}`);
    }
  }
}
