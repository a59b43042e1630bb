import { durabilityFaults } from '../../database/index.js';
import { SELECT_NOW, SELECT_SERVER } from '../doctor.sql.js';
import { theRow, type Check, error, ok, orFine, warning } from '../finding.js';

const LARGE_SKEW_MS = 1_000;

export const settingsCheck: Check = {
  name: 'settings',
  examine: async ({ config }) =>
    orFine(
      config.warnings.map((says) =>
        warning(says, 'It works, but is probably not what was meant', 'Correct it'),
      ),
      'The settings make sense',
    ),
};

export const serverCheck: Check = {
  name: 'server',
  async examine({ session }) {
    const { version, isStandby, isReadOnly } = await theRow<{
      version: string;
      isStandby: boolean;
      isReadOnly: boolean;
    }>(session, SELECT_SERVER);
    if (isStandby)
      return [
        error(
          'This server is a standby',
          'No job can be accepted or started here',
          'Point DATABASE_URL at the primary, or promote this one: SELECT pg_promote();',
        ),
      ];
    if (isReadOnly)
      return [
        error(
          'default_transaction_read_only is on',
          'No job can be accepted or started',
          'ALTER ROLE CURRENT_USER RESET default_transaction_read_only; or the same of the database',
        ),
      ];
    return [ok(`PostgreSQL ${version}`)];
  },
};

export const durabilityCheck: Check = {
  name: 'durability',
  async examine({ session }) {
    const faults = await durabilityFaults(session);
    const why = 'Jobs that were accepted are lost when the server crashes';
    return orFine(
      faults.map(({ says, fix }) => error(says, why, fix)),
      'What is committed survives a crash',
    );
  },
};

export const clockCheck: Check = {
  name: 'clock',
  async examine({ session }) {
    const before = Date.now();
    const answer = await theRow<{ now: Date }>(session, SELECT_NOW);
    const after = Date.now();
    const now = answer.now.getTime();
    const skew = now < before ? now - before : Math.max(0, now - after);
    if (Math.abs(skew) <= LARGE_SKEW_MS) return [ok(`This machine and the database agree on the time`)];
    return [
      warning(
        `This machine is ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew > 0 ? 'behind' : 'ahead of'} the database`,
        'Jobs run on time all the same, by the database; but the times in logs do not fit those of jobs',
        'Let both keep time with NTP (timedatectl set-ntp true)',
      ),
    ];
  },
};
