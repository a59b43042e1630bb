import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { version } from '../common/index.js';
import type { Config } from '../config/index.js';
import { LiveWorkersQuery } from '../worker/index.js';
import { QueueSnapshotQuery } from '../metrics/index.js';

/** What the page at `/` shows; null = the database did not say. */
interface Overview {
  readonly version: string;
  readonly database: 'up' | 'down';
  readonly workers_alive: number | null;
  readonly waiting: number | null;
  readonly running: number | null;
}

/** What strangers are not told. */
const UNTOLD = { workers_alive: null, waiting: null, running: null } as const;

/** `/overview.json`: what is running. Belongs to the page alone and is no part of the API. */
export function serveOverview(app: NestFastifyApplication, { http }: Config): void {
  app
    .getHttpAdapter()
    .getInstance()
    .get('/overview.json', async (_request, reply) => {
      void reply.header('Cache-Control', 'no-store');
      return http.authMode === 'open' ? readOverview(app) : { ...(await readOverview(app)), ...UNTOLD };
    });
}

async function readOverview(app: NestFastifyApplication): Promise<Overview> {
  const [workers, queues] = await Promise.allSettled([
    app.get(LiveWorkersQuery, { strict: false }).count(),
    app.get(QueueSnapshotQuery, { strict: false }).read(),
  ]);
  return {
    version,
    database: workers.status === 'fulfilled' ? 'up' : 'down',
    workers_alive: workers.status === 'fulfilled' ? workers.value : null,
    waiting: queues.status === 'fulfilled' ? queues.value.pending : null,
    running: queues.status === 'fulfilled' ? queues.value.processing : null,
  };
}
