import type { FastifyInstance, HTTPMethods } from 'fastify';

/** Remembers every route, to tell a wrong method (405) from a wrong address (404). */
export class RouteMethods {
  private readonly routes: { pattern: RegExp; methods: readonly string[] }[] = [];

  /** Must be called before the first route is added. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method }: { url: string; method: HTTPMethods | HTTPMethods[] }) => {
      this.routes.push({ pattern: toPattern(url), methods: [method].flat() });
    });
  }

  /** The methods that the address answers; none = there is no such address. */
  of(path: string): string[] {
    const matching = this.routes.filter((route) => route.pattern.test(path));
    return [...new Set(matching.flatMap((route) => route.methods))].sort();
  }
}

function toPattern(url: string): RegExp {
  const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:[^/]+/g, '[^/]+').replace(/\*/g, '.*')}/?$`);
}
