import type { QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.js';

/** An index that the migrations made. */
export interface PlannedIndex {
  readonly name: string;
  /** The statement that makes it again. */
  readonly statement: string;
}

/**
 * Every index that a migrated database has, found by letting the migrations speak to nobody: what they would say
 * last about an index counts.
 */
export async function plannedIndexes(): Promise<PlannedIndex[]> {
  const indexes = new Map<string, PlannedIndex & { readonly table: string }>();
  for (const Migration of migrations) {
    for (const statement of await statementsOf(new Migration())) note(indexes, statement);
  }
  return [...indexes.values()].map(({ name, statement }) => ({ name, statement }));
}

async function statementsOf(migration: { up(runner: QueryRunner): Promise<unknown> }): Promise<string[]> {
  const said: string[] = [];
  const query = async (statement: string) => {
    said.push(statement);
    return [];
  };
  await migration.up({ query } as unknown as QueryRunner);
  return said.flatMap((text) => text.split(';')).map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

function note(indexes: Map<string, PlannedIndex & { table: string }>, statement: string): void {
  const index = /^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"?(\w+)"? ON (\w+)/i.exec(
    statement,
  );
  if (index) {
    const [, name = '', table = ''] = index;
    const again = statement.replace(/INDEX (CONCURRENTLY )?/i, 'INDEX CONCURRENTLY ');
    indexes.set(name, { name, table, statement: `${again};` });
  }
  const table = /^(?:CREATE|ALTER) TABLE (?:IF (?:NOT )?EXISTS )?(\w+)/i.exec(statement)?.[1];
  for (const [, name = '', what] of statement.matchAll(
    /CONSTRAINT "?(\w+)"? ((?:PRIMARY KEY|UNIQUE) \([^)]*\))/gi,
  )) {
    if (table)
      indexes.set(name, { name, table, statement: `ALTER TABLE ${table} ADD CONSTRAINT "${name}" ${what};` });
  }
  forget(indexes, statement);
}

function forget(indexes: Map<string, PlannedIndex & { table: string }>, statement: string): void {
  const [, kind = '', names = ''] =
    /^DROP (INDEX|TABLE) (?:CONCURRENTLY )?(?:IF EXISTS )?(.+)$/i.exec(statement) ?? [];
  const dropped = new Set(names.match(/\w+/g));
  const constraint = /DROP CONSTRAINT (?:IF EXISTS )?"?(\w+)"?/i.exec(statement)?.[1];
  for (const { name, table } of [...indexes.values()]) {
    const goes = kind.toUpperCase() === 'TABLE' ? dropped.has(table) : dropped.has(name);
    if (goes || name === constraint) indexes.delete(name);
  }
}
