import { Choice, Integer, ListOf, Text } from '../common/http/index.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const id = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** Which lines of a job's log to list. */
export class ListLogsRequest {
  @Integer({
    description: 'Only lines after the one with this id: the `next_after` of the page before.',
    ...id,
    optional: true,
    example: 0,
  })
  after?: number;

  @Integer({ description: 'Lines a page.', min: 1, max: 1000, optional: true, default: 200, example: 200 })
  limit?: number;
}

/** One line that a handler wrote. */
export class LogLineResponse {
  @Integer({ description: 'Grows from line to line.', ...id, example: 1 })
  id: number;

  @Integer({ description: 'The attempt that wrote it.', min: 1, max: 2_147_483_647, example: 1 })
  attempt: number;

  @Text({
    description: 'When it was written.',
    maxLength: 30,
    format: 'date-time',
    example: '2026-02-01T14:30:00.000Z',
  })
  at: string;

  @Choice({ description: 'How much it matters.', choices: LEVELS, example: 'info' })
  level: (typeof LEVELS)[number];

  @Text({ description: 'What it says.', maxLength: 4096, example: 'Reading rows' })
  message: string;
}

/** A page of a job's log, the first line first. */
export class LogListResponse {
  @ListOf({ description: 'In the order they were written.', of: LogLineResponse })
  logs: LogLineResponse[];

  @Integer({
    description: 'Pass it as `after` to go on; null when there is no more so far.',
    ...id,
    nullable: true,
    example: 200,
  })
  next_after: number | null;
}
