import { Choice, Integer, ListOf, Nested, Text } from '../common/http/index.js';

const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** How an attempt may end. */
const OUTCOMES = [
  'completed',
  'failed',
  'timed_out',
  'interrupted',
  'released',
  'snoozed',
  'cancelled',
  'edited',
] as const;

/** What was thrown. */
export class AttemptErrorResponse {
  @Text({ description: "The error's class.", maxLength: 200, example: 'Error' })
  name: string;

  @Text({ description: 'What it says.', maxLength: 5000, example: 'SMTP connection timeout' })
  message: string;

  @Text({ description: 'Where it was thrown.', maxLength: 20_000, optional: true })
  stack?: string;

  @Text({
    description: 'What programs know it by.',
    maxLength: 100,
    optional: true,
    example: 'ECONNREFUSED',
  })
  code?: string;

  @Nested({
    description: 'The error behind it, and so on up to three.',
    of: AttemptErrorResponse,
    optional: true,
  })
  cause?: AttemptErrorResponse;
}

/** One execution of a job. */
export class AttemptResponse {
  @Integer({ description: 'From 1 on.', min: 1, max: 2_147_483_647, example: 1 })
  number: number;

  @Text({ description: 'The worker that ran it.', maxLength: 36, format: 'uuid', nullable: true })
  worker_id: string | null;

  @Text({ description: 'When it started.', ...time })
  started_at: string;

  @Text({ description: 'When it ended; null while it runs.', ...time, nullable: true })
  ended_at: string | null;

  @Choice({
    description: 'How it ended; null while it runs.',
    choices: OUTCOMES,
    open: true,
    nullable: true,
    example: 'completed',
  })
  outcome: (typeof OUTCOMES)[number] | null;

  @Nested({ description: 'What was thrown.', of: AttemptErrorResponse, nullable: true })
  error: AttemptErrorResponse | null;
}

/** Every execution of a job, the first one first. */
export class AttemptListResponse {
  @ListOf({ description: 'Every execution, the first one first.', of: AttemptResponse })
  attempts: AttemptResponse[];
}
