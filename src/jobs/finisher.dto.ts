import { QUEUE_NAME } from '../common/index.js';
import { Integer, JsonObjectField, Nested, Text, TextList } from '../common/http/index.js';
import type { JsonObject } from '../queue/index.js';
import { BackoffRequest } from './create-job.dto.js';

/** A job that follows the end of others. It starts at once then, with no key and no lock. */
export class FinisherRequest {
  @Text({
    description: 'A registered type (GET /job-types).',
    minLength: 1,
    maxLength: 200,
    example: 'echo',
  })
  type: string;

  @JsonObjectField({
    description: "What the handler gets; must fit the type's schema.",
    example: { hello: 'world' },
  })
  payload: JsonObject;

  @Text({
    description: "The queue to wait in. Default: the type's.",
    maxLength: 63,
    pattern: QUEUE_NAME,
    patternSays: 'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most',
    optional: true,
    example: 'default',
  })
  queue?: string;

  @Integer({
    description: '1 (first) to 10 (last).',
    min: 1,
    max: 10,
    optional: true,
    default: 5,
    example: 5,
  })
  priority?: number;

  @TextList({
    description: 'Labels to find the job by.',
    maxItems: 20,
    maxLength: 100,
    optional: true,
    example: ['signup', 'eu'],
  })
  tags?: string[];

  @Integer({
    description: 'Executions in all, not retries; null = no limit. Default: as the type says.',
    min: 1,
    max: 1_000_000,
    optional: true,
    nullable: true,
    example: 5,
  })
  max_attempts?: number | null;

  @Nested({
    description: 'How the waits between retries grow. Default: as the type says.',
    of: BackoffRequest,
    optional: true,
  })
  backoff?: BackoffRequest;

  @Integer({
    description: 'Seconds an attempt may run. Default: as the type says.',
    min: 1,
    max: 86_400,
    optional: true,
    example: 300,
  })
  timeout?: number;
}
