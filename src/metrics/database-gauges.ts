import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { ConnectionPools, type SeenPool } from '../database/index.js';
import { DatabaseUp } from './database-up.js';

/** How this process stands with the database. */
export const databaseGauges = [
  makeGaugeProvider({
    name: 'database_up',
    help: '1 while the database answers this process within 0.8 s and takes writes, 0 otherwise.',
    inject: [DatabaseUp],
    async collect(this: Gauge, database: DatabaseUp) {
      this.set((await database.read()) ? 1 : 0);
    },
  }),
  poolGauge(
    'database_pool_connections',
    'Open connections by pool and state: busy or idle.',
    ['pool', 'state'],
    (gauge, { pool, busy, idle }) => {
      gauge.set({ pool, state: 'busy' }, busy);
      gauge.set({ pool, state: 'idle' }, idle);
    },
  ),
  poolGauge(
    'database_pool_connections_max',
    'Connections that the pool may open: a share of DB_POOL_MAX.',
    ['pool'],
    (gauge, { pool, max }) => gauge.set({ pool }, max),
  ),
  poolGauge(
    'database_pool_waiting',
    'Callers in this process who wait for a connection of the pool.',
    ['pool'],
    (gauge, { pool, waiting }) => gauge.set({ pool }, waiting),
  ),
];

function poolGauge(
  name: string,
  help: string,
  labelNames: string[],
  show: (gauge: Gauge, pool: SeenPool) => void,
) {
  return makeGaugeProvider({
    name,
    help,
    labelNames,
    inject: [ConnectionPools],
    collect(this: Gauge, pools: ConnectionPools) {
      for (const pool of pools.all) show(this, pool);
    },
  });
}
