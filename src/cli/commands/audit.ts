import { childEnvironment, loadConfig } from '../../config/index.js';
import type { Command } from '../command.js';
import { UsageError } from '../usage.error.js';

/** EX_CONFIG of sysexits.h: nothing could be looked at. */
const CANNOT = 78;

export const audit: Command = {
  name: 'audit',
  summary: 'Check that every job is where it must be, on a live database. Exit code 1 when one is not.',
  options: {},
  extras: {
    since: { value: 'TIME', says: 'Leave out jobs created before, such as 2026-02-01T00:00:00Z.' },
    json: { says: 'Print the findings as JSON.' },
  },
  async run(settings, { since, json }) {
    const from = since === undefined ? undefined : timeFrom(since);
    const config = loadConfig(childEnvironment(settings));
    // Loaded late, for nobody should wait for it who only asks for help.
    const { startDatabase } = await import('../../launcher/database.js');
    const { auditDatabase } = await import('./audit-database.js');
    const database = await startDatabase(config, (line) => process.stderr.write(`${line}\n`));
    try {
      return await auditDatabase(database.config, { since: from, asJson: json !== undefined });
    } catch (error) {
      process.stderr.write(
        `The database cannot be audited: ${(error as Error).message}. Run "roundhouse migrate" if it is not up to date.\n`,
      );
      return CANNOT;
    } finally {
      await database.stop();
    }
  },
};

/** @throws UsageError when it is none */
function timeFrom(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`--since takes a time such as 2026-02-01T00:00:00Z, not "${text}".`);
  return time;
}
