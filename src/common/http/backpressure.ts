import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';

/** How far (ms) the event loop may be behind before work is turned away at the door. */
const LONGEST_LAG_MS = 250;

/** How often (ms) it is looked at. */
const LOOK_EVERY_MS = 250;

/** Addresses that take jobs. */
const SUBMISSIONS: ReadonlySet<string> = new Set(['/jobs', '/jobs/batch', '/tasks/:type']);

/**
 * Refuses submissions with 503 while this process cannot keep up: a job that is refused at once is sent again, one that
 * waits for seconds times out and nobody knows. Whatever reads or steers goes on.
 */
export async function refuseWhenLate(fastify: FastifyInstance): Promise<void> {
  await fastify.register(underPressure, {
    maxEventLoopDelay: LONGEST_LAG_MS,
    sampleInterval: LOOK_EVERY_MS,
    pressureHandler: (request: FastifyRequest) => {
      if (request.method !== 'POST' || !SUBMISSIONS.has(request.routeOptions.url ?? '')) return;
      throw new DomainError(
        'overloaded',
        'This process is busier than it can keep up with, and the job was not accepted: send it again shortly',
        { retryAfterSeconds: 1 },
      );
    },
  });
}
