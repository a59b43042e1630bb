import { QUEUE_NAME } from '../../common/index.js';
import { Integer, JsonObjectField, Nested, Text, TextList } from '../../common/http/index.js';
import { type JsonObject, LONGEST_POINTER, MOST_POINTERS } from '../../queue/index.js';
import { BackoffRequest } from '../create-job.dto.js';

/** A job type whose jobs external workers run. */
export class DeclareJobTypeRequest {
  @Text({
    description: 'What it does.',
    minLength: 1,
    maxLength: 1000,
    example: 'Makes an image as wide as it is wanted.',
  })
  description: string;

  @JsonObjectField({
    description:
      'The JSON Schema (2020-12) of its payloads. `$ref` may point to `#/$defs/…` of the same schema. Default: any object.',
    optional: true,
    example: {
      type: 'object',
      properties: { url: { type: 'string', format: 'uri' }, width: { type: 'integer', minimum: 1 } },
      required: ['url', 'width'],
      additionalProperties: false,
    },
  })
  payload_schema?: JsonObject;

  @Text({
    description: 'The queue its jobs wait in, unless they name another one.',
    maxLength: 63,
    pattern: QUEUE_NAME,
    patternSays: 'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most',
    optional: true,
    default: 'default',
    example: 'images',
  })
  queue?: string;

  @Integer({
    description: 'Executions in all, not retries; null = no limit.',
    min: 1,
    max: 1_000_000,
    optional: true,
    nullable: true,
    default: 3,
    example: 3,
  })
  max_attempts?: number | null;

  @Nested({ description: 'How the waits between retries grow.', of: BackoffRequest, optional: true })
  backoff?: BackoffRequest;

  @Integer({
    description: 'Seconds an attempt may run. Default: JOB_TIMEOUT.',
    min: 1,
    max: 86_400,
    optional: true,
    example: 300,
  })
  timeout?: number;

  @TextList({
    description:
      'What is not shown of its payloads and results, as JSON pointers; `*` is every member or element. Leases have all of it.',
    maxItems: MOST_POINTERS,
    maxLength: LONGEST_POINTER,
    optional: true,
    example: ['/card/number', '/customers/*/iban'],
  })
  redact?: string[];

  @JsonObjectField({
    description: 'A payload that works, for whoever reads about the type.',
    optional: true,
    example: { url: 'https://example.org/a.png', width: 640 },
  })
  example?: JsonObject;
}
