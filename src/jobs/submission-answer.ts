import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ClassConstructor } from 'class-transformer';
import type { FastifyReply } from 'fastify';
import type { Enqueued } from '../queue/index.js';

/** Says in the head of the answer where the job is and whether it is a new one: 201, else 200. */
export function noteAnswer(reply: FastifyReply, enqueued: Enqueued): Enqueued {
  void reply.header('Location', `/jobs/${enqueued.job.id}`);
  if (!enqueued.created) void reply.status(200);
  if (enqueued.replayed) void reply.header('Idempotent-Replayed', 'true');
  return enqueued;
}

/**
 * The header and what comes of it, as the documentation has them.
 * @param answers the forms that the answer for a job that was there before may have
 */
export function IdempotencyKeyHeader(...answers: readonly ClassConstructor<object>[]): MethodDecorator {
  const forms = answers.map((form) => ({ $ref: getSchemaPath(form) }));
  const schema = forms.length > 1 ? { oneOf: forms } : { ...forms[0] };
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      description:
        'Makes it safe to ask again: the same key gives back the first job, with 200 and the header Idempotent-Replayed.',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({
      status: 200,
      description:
        'A job that was there before and answers for this one, or has ended in the time preferred.',
      content: { 'application/json': { schema } },
    }),
  );
}
