import type { FastifyInstance } from 'fastify';
import type { RequestRates } from './request-rates.js';

/** Probes and scrapes come at their own pace, and must be answered when all else is too much. */
const NOT_COUNTED = /^\/(health(\/|$)|metrics$)/;

/** Counts every request as soon as its headers are there, whether or not it is about anything. */
export function limitRequests(fastify: FastifyInstance, rates: RequestRates): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (NOT_COUNTED.test(request.routeOptions.url ?? '')) {
      done();
      return;
    }
    try {
      rates.arrive(request, reply);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
