import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Sends with every answer what helmet advises. It advises the same each time and is asked once: headers that are set on
 * the response itself, one by one, would make Node.js check all others one by one as well.
 */
export function sendSecurityHeaders(fastify: FastifyInstance): void {
  const headers = advised();
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

/** Without a policy for content, which each page has of its own, and for https, which stands in front of this service. */
function advised(): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => (headers[name] = value),
    removeHeader: () => undefined,
  };
  const middleware = helmet({ contentSecurityPolicy: false, hsts: false });
  middleware({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return headers;
}
