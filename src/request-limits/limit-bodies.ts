import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../common/index.js';

/** Bodies that arrive at a time (bytes): eight of the largest batches. Each is parsed into several times its size. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Bodies up to this size (bytes) are not worth counting. */
const SMALL = 64 * 1024;

/** Refuses bodies with 503 while others have not arrived that would fill the memory together with them. */
export function limitBodies(fastify: FastifyInstance, most = MOST_BYTES): void {
  let underWay = 0;
  const sizes = new WeakMap<FastifyRequest, number>();
  const release = (request: FastifyRequest) => {
    underWay -= sizes.get(request) ?? 0;
    sizes.delete(request);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    const size = sizeOf(request);
    if (size <= SMALL) {
      done();
      return;
    }
    if (underWay + size > most) {
      // What is not read must not be sent either.
      void reply.header('Connection', 'close');
      done(tooMany());
      return;
    }
    underWay += size;
    sizes.set(request, size);
    reply.raw.once('close', () => release(request));
    done();
  });
  // Who waits for a result would keep others from sending theirs.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (request.headers.prefer !== undefined) release(request);
    done();
  });
}

/** Who does not say how much comes may send as much as the route takes. */
function sizeOf({ headers, routeOptions }: FastifyRequest): number {
  const limit = routeOptions.bodyLimit;
  if (headers['transfer-encoding'] !== undefined) return limit;
  return Math.min(limit, Number(headers['content-length'] ?? 0));
}

function tooMany(): DomainError {
  return new DomainError(
    'overloaded',
    'Other large requests are on their way here, and this one was not read: send it again shortly',
    { retryAfterSeconds: 1 },
  );
}
