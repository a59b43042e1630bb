import type { FastifyInstance, FastifyRequest } from 'fastify';

const FOR_SECONDS = 600;

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Last-Event-ID, Prefer, Range, traceparent',
  'Access-Control-Max-Age': String(FOR_SECONDS),
} as const;

/** What a page may read beside the body. */
const SHOWN =
  'Allow, Content-Disposition, Content-Range, ETag, Idempotent-Replayed, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id';

/**
 * Tells browsers that pages of these origins may read our answers. Never with credentials: a page shows a key of its own.
 * Works before everything that may refuse a request, whose reasons pages may read as well.
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('Vary', 'Origin');
    const { origin } = request.headers;
    const mayRead = origin !== undefined && origins.includes(origin);
    if (mayRead)
      void reply.headers({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': SHOWN });
    if (mayRead && isPreflight(request)) void reply.status(204).headers(PREFLIGHT).send();
    else done();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
