import type { FastifyInstance, FastifyRequest } from 'fastify';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DomainError } from '../errors.js';

/** How far (ms) the event loop may be behind, on average, before work is turned away at the door. */
const LONGEST_LAG_MS = 250;

/** How often (ms) it is looked at, and how many looks in a row must find it late: a start or a stall is over sooner. */
const LOOK_EVERY_MS = 500;
const LATE_LOOKS = 4;

/** How exact (ms) the lag is known; each look at it wakes a process that has nothing to do. */
const RESOLUTION_MS = 100;

const NS_PER_MS = 1e6;

/** Addresses that take jobs. */
const SUBMISSIONS: ReadonlySet<string> = new Set(['/jobs', '/jobs/batch', '/tasks/:type']);

/**
 * Refuses submissions with 503 while this process cannot keep up: a job that is refused at once is sent again, one that
 * waits for seconds times out and nobody knows. Whatever reads or steers goes on.
 */
export function refuseWhenLate(fastify: FastifyInstance): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let lateLooks = 0;
  const look = () => {
    const isLate = delay.mean / NS_PER_MS - RESOLUTION_MS > LONGEST_LAG_MS;
    lateLooks = isLate ? lateLooks + 1 : 0;
    delay.reset();
  };
  delay.enable();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  fastify.addHook('onClose', () => {
    clearInterval(timer);
    delay.disable();
  });
  fastify.addHook('onRequest', (request: FastifyRequest, _, done) => {
    if (lateLooks >= LATE_LOOKS && isSubmission(request)) done(overloaded());
    else done();
  });
}

function isSubmission({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && SUBMISSIONS.has(routeOptions.url ?? '');
}

function overloaded(): DomainError {
  return new DomainError(
    'overloaded',
    'This process is busier than it can keep up with, and the job was not accepted: send it again shortly',
    { retryAfterSeconds: 1 },
  );
}
