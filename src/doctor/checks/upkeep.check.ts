import type { Config } from '../../config/index.js';
import {
  SELECT_AUTOVACUUM,
  SELECT_ENDED,
  SELECT_FORGETFUL_QUEUES,
  SELECT_LONG_TRANSACTIONS,
  SELECT_PREPARED,
  SELECT_SLOTS,
  SELECT_VACUUM_STATE,
  SELECT_WRAPAROUND,
} from '../doctor.sql.js';
import { theRow, type Check, type Finding, error, ok, orFine, warning } from '../finding.js';

/** Dead rows are a matter when there are this many, and more than living ones. */
const MANY_DEAD_ROWS = 10_000;

/** A transaction that is open this long (s) keeps the dead rows of all tables. */
const LONG_TRANSACTION_SECONDS = 300;
const OLD_SLOT_TRANSACTIONS = 1_000_000;

/** Transactions after which PostgreSQL refuses work, less what a rescue takes. */
const WRAPAROUND_SOON = 1_500_000_000;

const SLOW_CLAIMS = 'Dead rows pile up in the line of waiting jobs, and claims become slower and slower';

/** What DELETE_JOBS means, by the days of RETENTION_DAYS. */
const RULES: Readonly<Record<Config['jobs']['deletes'], (days: number) => string>> = {
  never: () => 'Finished jobs are kept for ever (DELETE_JOBS=never)',
  successful: (days) => `Jobs that completed or were cancelled are deleted after ${days} days`,
  always: (days) => `Finished jobs are deleted after ${days} days`,
};

export const retentionCheck: Check = {
  name: 'retention',
  async examine({ session, config }) {
    const { rows: queues } = await session.query<{ name: string }>(SELECT_FORGETFUL_QUEUES);
    const findings = queues.map(({ name }) =>
      warning(
        `The queue engine would throw away places in line of ${name}`,
        'Jobs that wait longer lose their place, until the mender gives them a new one',
        `UPDATE pgboss.queue SET retention_seconds = 2147483647, deletion_seconds = 0 WHERE name = '${name}';`,
      ),
    );
    const ended = await theRow<{ rows: number; size: string; days: number | null }>(session, SELECT_ENDED);
    const kept = `about ${Math.round(ended.rows)} jobs (${ended.size}), the oldest ${Math.round(ended.days ?? 0)} days old`;
    return orFine(findings, `${RULES[config.jobs.deletes](config.jobs.retentionDays)}; there are ${kept}`);
  },
};

export const autovacuumCheck: Check = {
  name: 'autovacuum',
  async examine({ session }) {
    const { isOn: isRunning, isCounting } = await theRow<{ isOn: boolean; isCounting: boolean }>(
      session,
      SELECT_AUTOVACUUM,
    );
    const findings: Finding[] = [];
    for (const [name, isOn] of [
      ['autovacuum', isRunning],
      ['track_counts', isCounting],
    ] as const) {
      const fix = `ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`;
      if (!isOn) findings.push(error(`${name} is off`, SLOW_CLAIMS, fix));
    }
    const { rows: tables } = await session.query<{ name: string; isOn: boolean; dead: number; live: number }>(
      SELECT_VACUUM_STATE,
    );
    for (const { name, isOn, dead, live } of tables) {
      if (!isOn)
        findings.push(
          error(
            `Autovacuum is off for ${name}`,
            SLOW_CLAIMS,
            `ALTER TABLE ${name} RESET (autovacuum_enabled);`,
          ),
        );
      if (dead > MANY_DEAD_ROWS && dead > live)
        findings.push(
          warning(
            `${name} has ${dead} dead rows and ${live} living ones`,
            SLOW_CLAIMS,
            `VACUUM (ANALYZE) ${name}; if it helps nothing, see horizon`,
          ),
        );
    }
    return orFine(findings, 'Autovacuum keeps up');
  },
};

/** @param longSeconds for how long a transaction may be open */
export const horizonCheck = (longSeconds = LONG_TRANSACTION_SECONDS): Check => ({
  name: 'horizon',
  async examine({ session }) {
    const findings: Finding[] = [];
    const why = 'No dead row younger than it can be removed, and claims become slower and slower';
    const { rows: open } = await session.query<{
      pid: number;
      who: string;
      application: string;
      state: string;
      seconds: number;
    }>(SELECT_LONG_TRANSACTIONS, [longSeconds]);
    for (const { pid, who, application, state, seconds } of open)
      findings.push(
        warning(
          `A transaction of ${who} (${application || 'no name'}, ${state}) has been open for ${Math.round(seconds / 60)} minutes`,
          why,
          `SELECT pg_terminate_backend(${pid});`,
        ),
      );
    const { rows: prepared } = await session.query<{ gid: string }>(SELECT_PREPARED, [longSeconds]);
    for (const { gid } of prepared)
      findings.push(
        warning(`The prepared transaction ${gid} is never ended`, why, `ROLLBACK PREPARED '${gid}';`),
      );
    const { rows: slots } = await session.query<{ name: string; isActive: boolean }>(SELECT_SLOTS, [
      OLD_SLOT_TRANSACTIONS,
    ]);
    for (const { name, isActive } of slots)
      findings.push(
        warning(
          isActive
            ? `The replication slot ${name} lags far behind`
            : `Nobody reads the replication slot ${name}`,
          `${why}; and the disk fills with WAL`,
          `SELECT pg_drop_replication_slot('${name}'); or start its reader`,
        ),
      );
    return orFine(findings, 'Nothing keeps dead rows from being removed');
  },
});

export const wraparoundCheck: Check = {
  name: 'wraparound',
  async examine({ session }) {
    const { age, multi, most } = await theRow<{ age: number; multi: number; most: number }>(
      session,
      SELECT_WRAPAROUND,
    );
    const oldest = Math.max(age, multi);
    if (oldest <= 1.5 * most) return [ok(`Transaction ids are ${Math.round(oldest / 1e6)} million old`)];
    const report = oldest > WRAPAROUND_SOON ? error : warning;
    return [
      report(
        `Transaction ids are ${Math.round(oldest / 1e6)} million old, and autovacuum should have seen to it at ${Math.round(most / 1e6)}`,
        'At 2,100 million PostgreSQL stops to write',
        'Look at horizon first, then VACUUM (FREEZE) the database',
      ),
    ];
  },
};
