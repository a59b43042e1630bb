import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ApiModule } from './app.module.js';
import { Entrance, inRequest, refuseStrangers } from './auth/index.js';
import {
  ProblemFilter,
  RouteMethods,
  ValidationPipe,
  allowOrigins,
  answerUnreadable,
  followRequests,
  parseJsonBody,
  refuseForeignSites,
  refuseWhenLate,
  sendSecurityHeaders,
  sendUnroutable,
} from './common/http/index.js';
import { NestLog, createLog } from './common/logging.js';
import type { Config } from './config/index.js';
import { asUnavailable } from './database/index.js';
import { mountDocs } from './docs.js';
import { Readiness } from './health/index.js';
import {
  ClientAddresses,
  RequestRates,
  limitBodies,
  limitConnections,
  limitRequests,
} from './request-limits/index.js';

/** Headers come in one piece, and a batch of 32 MiB over a slow line in many. */
const REQUEST_TIMEOUT_MS = 30_000;
const SLOWEST_REQUESTS = {
  headersTimeout: 10_000,
  // Node.js looks for slow requests every 30 s by itself: they would be let live twice as long.
  connectionsCheckingInterval: 2_000,
} as const;

/** Load balancers keep connections for a minute: whoever closes first may meet a request on its way. */
const IDLE_TIMEOUT_MS = 65_000;

const LARGEST_BATCH_BYTES = 32 * 1024 * 1024;

/**
 * The HTTP application, complete but not listening.
 * @param preview builds the routes without their providers: enough for the OpenAPI document, needs no database
 */
export async function createApi(config: Config, { preview = false } = {}): Promise<NestFastifyApplication> {
  const adapter = createAdapter(config);
  const routes = new RouteMethods(adapter.getInstance());
  const log = createLog(config.logLevel, 'api');
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule, adapter, {
    logger: preview ? false : new NestLog(log),
    bodyParser: false,
    abortOnError: false,
    preview,
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(
    new ProblemFilter(
      (error) => asUnavailable(error),
      (path) => routes.of(path),
    ),
  );
  guardBrowsers(adapter.getInstance(), config);
  if (!preview) limit(app, config);
  mountDocs(app, config);
  if (!preview) sendCallersAway(app);
  return app;
}

/** Whoever asks too much is turned away before anything is done for it, and the cheapest reason comes first. */
function limit(app: NestFastifyApplication, { http }: Config): void {
  const fastify = app.getHttpAdapter().getInstance();
  limitConnections(app.getHttpServer(), http.limits, app.get(ClientAddresses));
  limitRequests(fastify, app.get(RequestRates));
  refuseWhenLate(fastify);
  if (http.authMode === 'keys') refuseStrangers(fastify, app.get(Entrance));
  limitBodies(fastify);
}

/** In this order: also what is refused says what a browser may do with the answer. */
function guardBrowsers(fastify: FastifyInstance, { http }: Config): void {
  const { browsers, authMode, host } = http;
  sendSecurityHeaders(fastify, browsers.hstsSeconds);
  allowOrigins(fastify, browsers.origins);
  if (authMode === 'open') refuseForeignSites(fastify, { ...browsers, hosts: [host, ...browsers.hosts] });
}

/**
 * Ends each connection with its next answer once the API is about to stop. A connection that is kept open and closed
 * later may be closed at the very moment when the next request is on its way.
 */
function sendCallersAway(app: NestFastifyApplication): void {
  const readiness = app.get(Readiness);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, _payload, done) => {
      if (readiness.isStopping) void reply.header('Connection', 'close');
      done();
    });
}

function createAdapter(config: Config): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: config.http.maxPayloadBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 75_000,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    routerOptions: { maxParamLength: 256 },
    trustProxy: false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    frameworkErrors: sendUnroutable,
    clientErrorHandler: answerUnreadable,
    http: { maxHeaderSize: 8 * 1024, insecureHTTPParser: false, ...SLOWEST_REQUESTS },
  });
  const fastify = adapter.getInstance();
  followRequests(fastify);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onRoute', (route) => {
    if (route.url === '/jobs/batch' || route.url === '/workflows') route.bodyLimit = LARGEST_BATCH_BYTES;
  });
  // Only from here on: what reads the body answers to the connection, not to the request.
  fastify.addHook('preHandler', (_request, _reply, done) => inRequest(done));
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('X-Request-Id', request.id);
    done();
  });
  return adapter;
}
