import { ApiHeader, getSchemaPath } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Also, type AnswerHeader } from '../../common/http/index.js';
import { type Job, isFinal } from '../../queue/index.js';
import { JobResponse } from '../job.response.js';
import { preferredWait } from './prefer.js';
import type { ResultWait } from './result-wait.js';

/**
 * Heeds `Prefer: wait=N`: answers with the job when it has ended (status 200), else with the job as it is after
 * N seconds (202). Without the header it answers at once, and leaves the status alone.
 */
export async function afterPreferredWait(
  job: Job,
  prefer: string | undefined,
  wait: ResultWait,
  reply: FastifyReply,
): Promise<Job> {
  const seconds = preferredWait(prefer);
  if (seconds === undefined) return job;
  const waited = isFinal(job.status) ? job : await wait.untilFinished(job.id, seconds, untilClosed(reply));
  // Whoever was refused meanwhile is told what could be told before, and that a job was accepted.
  const latest = waited ?? job;
  void reply.status(isFinal(latest.status) ? 200 : 202).header('Preference-Applied', `wait=${seconds}`);
  return latest;
}

/** Whether the header asks for it. */
export function wantsToWait(prefer: string | undefined): boolean {
  return preferredWait(prefer) !== undefined;
}

/**
 * The header and what comes of it, as the documentation has them.
 * @param headers those that the answer has beside the one that says for how long was waited
 * @param maybe those that it has at times
 */
export function PreferHeader(headers: AnswerHeader[], maybe: AnswerHeader[] = []): MethodDecorator {
  const content = { 'application/json': { schema: { $ref: getSchemaPath(JobResponse) } } };
  return applyDecorators(
    ApiHeader({
      name: 'Prefer',
      description: '`wait=N` waits up to N seconds, at most 60, for the job to end.',
      required: false,
      schema: { type: 'string' },
      example: 'wait=10',
    }),
    Also({
      status: 202,
      description: 'The job as it is after the time preferred.',
      content,
      headers: ['Preference-Applied', ...headers],
      maybe,
    }),
  );
}

/** Fires when the caller is gone. */
function untilClosed(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
