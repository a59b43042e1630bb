import { childEnvironment, loadConfig } from '../../config/index.js';
import type { Command } from '../command.js';

export const migrate: Command = {
  examples: [{ line: 'roundhouse migrate', says: 'Before the first start, and after each update.' }],
  async run(settings) {
    // Loaded late, for TypeORM takes a second that nobody should wait for who only asks for help.
    const { startDatabase } = await import('../../launcher/database.js');
    const { migrateDatabase } = await import('../../migrate.js');
    const database = await startDatabase(loadConfig(childEnvironment(settings)), say);
    try {
      const migrations = await migrateDatabase(database.config);
      say(`${outcomeOf(migrations)} The database is up to date.`);
      return 0;
    } finally {
      await database.stop();
    }
  },
};

function outcomeOf(migrations: readonly string[]): string {
  return migrations.length === 0 ? 'Nothing to migrate.' : `Migrated: ${migrations.join(', ')}.`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
