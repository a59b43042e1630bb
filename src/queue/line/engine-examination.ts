import { PgBoss, type ConstructorOptions } from 'pg-boss';
import { messageOf } from '../../common/index.js';
import { PASSIVE } from './engine.js';

/** What is wrong with the engine's own tables. */
export interface EngineFaults {
  /** Undefined when its schema fits this build; the rest is looked at only then. */
  readonly version: string | undefined;
  /** Missing or unusable indexes, with the statements that make them. */
  readonly indexes: readonly { readonly name: string; readonly statement: string }[];
  /** Tables and functions that are not as the engine made them, in words. */
  readonly drift: readonly string[];
}

/** Compares the engine's tables with what this build expects. */
export async function examineEngine(connection: ConstructorOptions): Promise<EngineFaults> {
  const boss = new PgBoss({ ...PASSIVE, ...connection, max: 2 });
  boss.on('error', () => undefined);
  try {
    await boss.start();
  } catch (error) {
    return { version: messageOf(error), indexes: [], drift: [] };
  }
  try {
    const { missing, invalid, missingTables, missingFunctions, mismatchedFunctions, columnDrift } =
      await boss.detectSchemaDrift();
    return {
      version: undefined,
      indexes: [...missing, ...invalid].map(({ name, definition = '' }) => ({ name, statement: definition })),
      drift: [
        ...missingTables,
        ...[...missingFunctions, ...mismatchedFunctions].map(({ name }) => name),
        ...columnDrift.map(({ table }) => table),
      ],
    };
  } finally {
    await boss.stop({ graceful: false });
  }
}
