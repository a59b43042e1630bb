import type { FastifyInstance, FastifyReply } from 'fastify';
import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What answers may load and run in a browser: those in JSON are shown by no page, and pages of ours say more. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * What goes with every answer unless it says otherwise: what helmet advises, and that nobody keeps it. Asked once, since
 * it is the same each time. TLS ends in front of this service, which does not know of it by itself.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...advised(),
  'content-security-policy': NOTHING,
  'cache-control': 'no-store',
};

/**
 * Sends them with every answer to a request.
 * @param hstsSeconds for how long browsers shall come over https only; 0 = nothing is said
 */
export function sendSecurityHeaders(fastify: FastifyInstance, hstsSeconds = 0): void {
  const hsts = hstsSeconds > 0 ? { 'strict-transport-security': `max-age=${hstsSeconds}` } : {};
  const headers = { ...SECURITY_HEADERS, ...hsts };
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

/** Adds them to an answer that leaves before any hook has run. */
export function addSecurityHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!reply.hasHeader(name)) void reply.header(name, value);
}

function advised(): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  };
  const middleware = helmet({ contentSecurityPolicy: false, hsts: false, xFrameOptions: { action: 'deny' } });
  middleware({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return headers;
}
