import { migrationsMissing, patientConnection, plannedIndexes } from '../../database/index.js';
import { examineEngine } from '../../queue/index.js';
import { SELECT_INDEXES } from '../doctor.sql.js';
import { type Check, type Finding, error, orFine, warning } from '../finding.js';

export const schemaCheck: Check = {
  name: 'schema',
  async examine({ session }) {
    const source = { query: async (sql: string) => (await session.query(sql)).rows };
    const missing = await migrationsMissing(source);
    const findings = missing.map((name) =>
      error(`The migration ${name} is missing`, 'API and workers refuse to start', 'npm run migrate'),
    );
    return orFine(findings, 'Every migration is there');
  },
};

export const engineCheck: Check = {
  name: 'engine',
  async examine({ config }) {
    const { version, indexes, drift } = await examineEngine(patientConnection(config, 'roundhouse doctor'));
    if (version !== undefined)
      return [
        error(
          `The queue engine's tables do not fit this version (${version})`,
          'API and workers refuse to start',
          'npm run migrate, with the newest build',
        ),
      ];
    const findings = [
      ...indexes.map(({ name, statement }) =>
        warning(
          `The index ${name} of the queue engine is missing or invalid`,
          'Claims become slow as the line grows',
          `DROP INDEX IF EXISTS pgboss.${name}; ${statement};`,
        ),
      ),
      ...drift.map((name) =>
        warning(
          `${name} of the queue engine was changed`,
          'The engine may not work as it should',
          `Compare pgboss.${name} with a new database's, and undo the change`,
        ),
      ),
    ];
    return orFine(findings, "The queue engine's tables fit this version");
  },
};

export const indexesCheck: Check = {
  name: 'indexes',
  async examine({ session }) {
    const { rows } = await session.query<{ name: string; isValid: boolean }>(SELECT_INDEXES);
    const present = new Map(rows.map(({ name, isValid }) => [name, isValid]));
    const findings: Finding[] = [];
    for (const { name, statement } of await plannedIndexes()) {
      const isUnique = /PRIMARY KEY|UNIQUE/.test(statement);
      const report = isUnique ? error : warning;
      const why = isUnique ? 'What must be there once can be there twice' : 'What it is for becomes slow';
      if (!present.has(name)) findings.push(report(`The index ${name} is missing`, why, statement));
      else if (!present.get(name))
        findings.push(report(`The index ${name} is invalid`, why, `REINDEX INDEX CONCURRENTLY "${name}";`));
    }
    return orFine(findings, 'Every index is there');
  },
};
