import { childEnvironment, loadConfig } from '../../config/index.js';
import type { Command } from '../command.js';
import { UsageError } from '../usage.error.js';

/** EX_CONFIG of sysexits.h: nothing could be looked at. */
const CANNOT = 78;

export const audit: Command = {
  extras: {
    since: { value: 'TIME', says: 'Leave out jobs created before, such as 2026-02-01T00:00:00Z.' },
    json: { says: 'Print the findings as JSON.' },
  },
  examples: [
    { line: 'roundhouse audit', says: 'Look at every job.' },
    {
      line: 'roundhouse audit --since 2026-02-01T00:00:00Z --json',
      says: 'Only at newer ones, for a script.',
    },
  ],
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
