import { QUEUE_NAME } from '../common/index.js';
import { Integer, JsonObjectField, Moment, Text } from '../common/http/index.js';
import type { JsonObject } from '../queue/index.js';

/** What is to change about a job that waits. What is left out stays. */
export class EditJobRequest {
  @Integer({ description: '1 (first) to 10 (last).', min: 1, max: 10, optional: true, example: 1 })
  priority?: number;

  @Moment({
    description: 'The earliest start, without a zone in UTC; a time that has passed means now.',
    optional: true,
    example: '2030-01-31T15:00:00Z',
  })
  scheduled_at?: string;

  @JsonObjectField({
    description: "What the handler gets, the whole of it; must fit the type's schema.",
    optional: true,
    example: { hello: 'world' },
  })
  payload?: JsonObject;

  @Text({
    description: 'The queue to wait in; created at its first use.',
    maxLength: 63,
    pattern: QUEUE_NAME,
    patternSays: 'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most',
    optional: true,
    example: 'default',
  })
  queue?: string;
}
