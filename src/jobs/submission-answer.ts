import { applyDecorators } from '@nestjs/common';
import { ApiHeader, getSchemaPath } from '@nestjs/swagger';
import type { ClassConstructor } from 'class-transformer';
import type { FastifyReply } from 'fastify';
import { Also, type AnswerHeader } from '../common/http/index.js';
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
 * @param maybe headers that this answer has at times beside those of every submission
 */
export function IdempotencyKeyHeader(
  answers: readonly [ClassConstructor<object>, ...ClassConstructor<object>[]],
  ...maybe: AnswerHeader[]
): MethodDecorator {
  const [form, ...others] = answers.map((answer) => ({ $ref: getSchemaPath(answer) }));
  const schema = form && others.length === 0 ? form : { oneOf: form ? [form, ...others] : others };
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      description:
        'Makes it safe to ask again: the same key gives back the first job, with 200 and the header Idempotent-Replayed.',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    Also({
      status: 200,
      headers: ['Location'],
      maybe: ['Idempotent-Replayed', ...maybe],
      description:
        'A job that was there before and answers for this one, or has ended in the time preferred.',
      content: { 'application/json': { schema } },
    }),
  );
}
