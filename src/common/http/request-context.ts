import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { withLogFields } from '../log-fields.js';
import { type Span, tracer } from '../tracing.js';
import { isForProbes } from './probes.js';

/** What runs in a request knows it: its log lines name the request, and its spans are parts of the caller's trace. */
export function followRequests(fastify: FastifyInstance): void {
  const resumptions = new WeakMap<FastifyRequest, (work: () => void) => void>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const enter = () => {
      resumptions.set(request, AsyncLocalStorage.snapshot());
      done();
    };
    const span = spanOf(request, reply);
    withLogFields({ request_id: request.id }, () => (span ? span.run(enter) : enter()));
  });
  // A body arrives in the events of its connection, which know nothing of the request.
  fastify.addHook('preValidation', (request, _reply, done) => {
    (resumptions.get(request) ?? run)(done);
  });
}

/** By the route's template: the address itself may hold the token of a lease. */
function spanOf(request: FastifyRequest, reply: FastifyReply): Span | undefined {
  const { method, routeOptions, headers } = request;
  const route = routeOptions.url ?? 'none';
  // Nobody looks for these in a trace.
  if (isForProbes(route)) return undefined;
  const span = tracer()?.start(`${method} ${route}`, {
    kind: 'server',
    parent: headerOf(headers.traceparent) ?? null,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'roundhouse.request_id': request.id,
    },
  });
  if (span) reply.raw.once('close', () => end(span, reply));
  return span;
}

function end(span: Span, { raw, statusCode }: FastifyReply): void {
  if (!raw.writableFinished) {
    span.end({ error: 'aborted' });
    return;
  }
  span.set({ 'http.response.status_code': statusCode });
  span.end(statusCode >= 500 ? { error: String(statusCode) } : {});
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function run(work: () => void): void {
  work();
}
