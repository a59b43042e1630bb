import { remedyFor } from '../../database/index.js';
import { SELECT_CONNECTIONS, SELECT_KEEPALIVE } from '../doctor.sql.js';
import { theRow, type Check, type Finding, ok, orFine, warning } from '../finding.js';

/** A peer that is gone should be noticed within this time (s) and a few probes. */
const LONGEST_IDLE_SECONDS = 60;

interface Connections {
  readonly most: number;
  readonly reserved: number;
  readonly used: number;
  readonly seen: number;
  readonly roleLimit: number;
  readonly databaseLimit: number;
}

export const poolerCheck: Check = {
  name: 'pooler',
  async examine({ config, pooler }) {
    const isShared = await pooler.sharesSessions();
    if (!(await pooler.hasDirectConnection()))
      return [
        warning(
          'There is no direct connection to PostgreSQL',
          'Jobs wait up to 250 ms longer, and a dead worker is noticed by its silence alone',
          remedyFor(config),
        ),
      ];
    return [ok(isShared ? 'A pooler in transaction mode, and a direct connection' : 'No pooler in the way')];
  },
};

export const connectionsCheck: Check = {
  name: 'connections',
  async examine({ session, config, pooler }) {
    const { most, reserved, used, seen, roleLimit, databaseLimit } = await theRow<Connections>(
      session,
      SELECT_CONNECTIONS,
    );
    const limits = [most - reserved, roleLimit, databaseLimit].filter((limit) => limit >= 0);
    const usable = Math.min(...limits);
    // An API and a worker, where none is to be seen.
    const processes = Math.max(seen, 2);
    const needed = processes * config.database.poolMax;
    const says = `${used} of ${usable} connections are in use; ${processes} processes may take ${needed} (DB_POOL_MAX ${config.database.poolMax})`;
    if (needed <= usable || (await pooler.sharesSessions())) return [ok(says)];
    return [
      warning(
        says,
        'Under load some of them are refused, and requests answer 503',
        `ALTER SYSTEM SET max_connections = ${needed + reserved + 10}; and restart PostgreSQL; or set DB_POOL_MAX=${Math.max(8, Math.floor(usable / processes))}; or use PgBouncer`,
      ),
    ];
  },
};

export const keepaliveCheck: Check = {
  name: 'keepalive',
  async examine({ session }) {
    const { neverChecks, idle, isRemote } = await theRow<{
      neverChecks: boolean;
      idle: number;
      isRemote: boolean;
    }>(session, SELECT_KEEPALIVE);
    const findings: Finding[] = [];
    if (neverChecks)
      findings.push(
        warning(
          'client_connection_check_interval is 0',
          'A statement whose process was killed goes on to its end and keeps its locks so long',
          `ALTER SYSTEM SET client_connection_check_interval = '1s'; SELECT pg_reload_conf();`,
        ),
      );
    if (isRemote && (idle === 0 || idle > LONGEST_IDLE_SECONDS))
      findings.push(
        warning(
          `tcp_keepalives_idle is ${idle || "the system's (2 hours)"}`,
          'The connections, and locks, of a machine that went away are kept for that long',
          `ALTER SYSTEM SET tcp_keepalives_idle = 5; ALTER SYSTEM SET tcp_keepalives_interval = 2; ALTER SYSTEM SET tcp_keepalives_count = 3; SELECT pg_reload_conf();`,
        ),
      );
    return orFine(findings, 'Dead connections are noticed');
  },
};
