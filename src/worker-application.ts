import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WorkerAppModule } from './app.module.js';
import {
  ProblemFilter,
  followRequests,
  refuseForeignSites,
  sendSecurityHeaders,
} from './common/http/index.js';
import { DomainError } from './common/index.js';
import { NestLog, createLog } from './common/logging.js';
import type { Config } from './config/index.js';
import { asUnavailable } from './database/index.js';

/** What a worker shows of itself. */
const SHOWN = /^\/(health|metrics)(\/|$)/;

/** The worker, complete but not started. */
export async function createWorker(config: Config): Promise<NestFastifyApplication> {
  // A monitor that keeps its connection open must not hold up the end of a worker.
  const adapter = new FastifyAdapter({
    bodyLimit: 1024,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
  });
  followRequests(adapter.getInstance());
  guardBrowsers(adapter.getInstance(), config);
  adapter.getInstance().addHook('onRequest', refuseWhatIsForTheApi);
  const app = await NestFactory.create<NestFastifyApplication>(WorkerAppModule, adapter, {
    logger: new NestLog(createLog(config.logLevel, 'worker')),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(
    new ProblemFilter(
      (error) => asUnavailable(error),
      () => [],
    ),
  );
  return app;
}

/** As for the API; what a worker shows is for no page at all. */
function guardBrowsers(fastify: FastifyInstance, { http }: Config): void {
  sendSecurityHeaders(fastify);
  if (http.authMode === 'open')
    refuseForeignSites(fastify, { hosts: [http.host, ...http.browsers.hosts], origins: [] });
}

/** Job types may come in one module with controllers of their own, and the worker needs the handlers only. */
async function refuseWhatIsForTheApi({ routeOptions }: FastifyRequest): Promise<void> {
  if (SHOWN.test(routeOptions.url ?? '')) return;
  throw new DomainError('not_found', 'A worker answers /health and /metrics only: ask the API');
}
