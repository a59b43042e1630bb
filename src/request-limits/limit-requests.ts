import type { FastifyInstance } from 'fastify';
import { isForProbes } from '../common/http/index.js';
import type { RequestRates } from './request-rates.js';

/** Counts every request but those of probes, as soon as its headers are there, whether or not it is about anything. */
export function limitRequests(fastify: FastifyInstance, rates: RequestRates): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isForProbes(request.routeOptions.url ?? '')) {
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
