import { QUEUE_NAME } from '../common/index.js';
import { Choice, Integer, Nested, Text } from '../common/http/index.js';
import { LimitsRequest } from './limits.dto.js';
import { ObjectiveRequest } from './objectives/objective.dto.js';

/** What to change; what is left out stays as it is. */
export class EditQueueRequest {
  @Text({
    description:
      'The queue, another one, in which a job of type `dead_letter` is enqueued for each job that fails for good; ' +
      'created when it does not exist. Null = none.',
    maxLength: 63,
    pattern: QUEUE_NAME,
    patternSays: 'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most',
    optional: true,
    nullable: true,
    example: 'dead',
  })
  dead_letter_queue?: string | null;

  @Choice({
    description:
      '`none`: jobs that have completed or were cancelled leave at once and are only counted; keys, dependencies and ' +
      'waiting are refused. Null = they stay as long as DELETE_JOBS and RETENTION_DAYS say.',
    choices: ['none'],
    optional: true,
    nullable: true,
    example: 'none',
  })
  retention?: 'none' | null;

  @Nested({
    description:
      'How often and how many at a time its jobs start, across all workers; the next claim heeds it. Replaces all limits ' +
      'it had; null = none.',
    of: LimitsRequest,
    optional: true,
    nullable: true,
  })
  limits?: LimitsRequest | null;

  @Integer({
    description:
      'Jobs that may wait in it (PENDING and BLOCKED): submissions beyond that are answered 429. What follows from jobs that ' +
      'were accepted (retries, dead letters, jobs of schedules and of handlers) is never refused. Null = as QUEUE_MAX_WAITING says.',
    min: 1,
    max: 1_000_000_000,
    optional: true,
    nullable: true,
    example: 100_000,
  })
  max_waiting?: number | null;

  @Nested({
    description:
      'How soon how many of its jobs are to start; what starts from now on is held against it. Null = DEFAULT_OBJECTIVE, if there is one.',
    of: ObjectiveRequest,
    optional: true,
    nullable: true,
  })
  objective?: ObjectiveRequest | null;
}
