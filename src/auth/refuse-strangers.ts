import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Entrance } from './entrance.js';

/** A body up to this size (bytes) is read before it is known who sends it. */
const SMALL = 16 * 1024;

/** Refuses large bodies of strangers before they are read: the guard of a route is asked after that only. */
export function refuseStrangers(fastify: FastifyInstance, entrance: Entrance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!bringsMuch(request)) {
      done();
      return;
    }
    entrance.meet(request, reply).then(
      () => done(),
      (error: unknown) => {
        // What is not read must not be sent either.
        void reply.header('Connection', 'close');
        done(error as Error);
      },
    );
  });
}

function bringsMuch({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SMALL;
}
