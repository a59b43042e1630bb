import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { isOwnHost } from './host-names.js';

interface Known {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

/**
 * Lets no website use the browser of somebody who can reach an API that asks for no key: neither by requests of its own
 * pages, nor under a name that it has made lead here. Whoever follows a link to one of our pages may.
 */
export function refuseForeignSites(fastify: FastifyInstance, { hosts, origins }: Known): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isOwnHost(request.headers.host, hosts)) done(foreignHost());
    else if (isForeign(request, origins)) done(foreignSite());
    else done();
  });
}

function isForeign({ method, headers }: FastifyRequest, origins: readonly string[]): boolean {
  const { origin } = headers;
  if (origin !== undefined && origins.includes(origin)) return false;
  const site = headers['sec-fetch-site'];
  // Browsers say it of requests to secure addresses and to this machine, and pages cannot.
  if (site === undefined) return origin !== undefined && hostOf(origin) !== headers.host?.toLowerCase();
  if (site === 'same-origin' || site === 'none') return false;
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(isVisit && (method === 'GET' || method === 'HEAD'));
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function foreignHost(): DomainError {
  return new DomainError(
    'unknown_host',
    'This API asks for no key and is not known under the name in the header Host: ask for it by its address, or add the name to ALLOWED_HOSTS',
  );
}

function foreignSite(): DomainError {
  return new DomainError(
    'foreign_site',
    'This API asks for no key and takes no requests from pages of other websites: add their origin to CORS_ORIGINS if they are yours',
  );
}
