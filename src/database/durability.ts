import { SELECT_DURABILITY, SELECT_UNLOGGED } from './durability.sql.js';
import type { Session } from './postgres.js';

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
