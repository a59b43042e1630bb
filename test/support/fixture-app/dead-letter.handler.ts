import { Logger } from '@nestjs/common';
import { Integer, JsonObjectField, Text } from '../../../src/common/http/index.js';
import { type JobContext, JobHandler } from '../../../src/worker/index.js';

/** What a dead letter tells of the job that failed. */
export class DeadLetterPayload {
  @Text({
    description: 'The job that failed.',
    maxLength: 36,
    format: 'uuid',
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id: string;

  @Text({ description: 'Its type.', maxLength: 200, example: 'send_email' })
  type: string;

  @JsonObjectField({ description: 'What it was given.', example: { to: 'jane@example.com' } })
  payload: Record<string, unknown>;

  @Text({
    description: 'What was thrown last.',
    maxLength: 5000,
    nullable: true,
    example: 'SMTP connection timeout',
  })
  error: string | null;

  @Integer({ description: 'How often it was tried.', min: 0, max: 2_147_483_647, example: 3 })
  attempts: number;
}

/** Tells people of jobs that failed for good. An example of a handler for a dead letter queue. */
@JobHandler({
  type: 'dead_letter',
  description: 'Tells of a job that failed for good.',
  payload: DeadLetterPayload,
  example: {
    job_id: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
    type: 'send_email',
    payload: {},
    error: 'x',
    attempts: 3,
  },
  policy: { maxAttempts: 2, backoff: { strategy: 'exponential', baseDelay: 0.1, maxDelay: 1, jitter: 0 } },
})
export class DeadLetterHandler {
  private readonly logger = new Logger('DeadLetter');

  async run({ payload: letter }: JobContext<DeadLetterPayload>): Promise<{ told: string }> {
    // Tests ask for a letter that cannot be delivered either.
    if (letter.payload.undeliverable) throw new Error('Nobody wants to hear of it');
    this.logger.warn(
      `Job ${letter.job_id} (${letter.type}) failed after ${letter.attempts} attempts: ${letter.error}`,
    );
    return { told: letter.job_id };
  }
}

/** Fails at once and for good, with the error that the payload describes. */
@JobHandler({
  type: 'fail_as',
  aliases: ['fail_likewise'],
  description: 'Fails with an error.',
  payload: class {},
  example: {},
  policy: { maxAttempts: 1 },
})
export class FailAsHandler {
  async run({ payload }: JobContext<{ name?: string; message?: string }>): Promise<never> {
    throw Object.assign(new Error(payload.message ?? 'failed'), { name: payload.name ?? 'Error' });
  }
}
