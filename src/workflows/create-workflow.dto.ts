import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { isUuid } from '../common/index.js';
import { isJsonObject } from '../common/json-object.js';
import { Nested, Text, TextList, declare, says } from '../common/http/index.js';
import { LONGEST_URL } from '../egress/index.js';
import { FinisherRequest, JobRequest } from '../jobs/index.js';
import type { OnFailure } from '../queue/index.js';

const MOST_JOBS = 1_000;

const REF = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const ON_FAILURE: readonly unknown[] = ['cancel', 'continue'];

/** A job of the same workflow that another one waits for. */
export interface RefDependency {
  readonly ref: string;
  readonly on_failure?: OnFailure;
}

/** A job of a workflow. */
export class WorkflowJobRequest extends JobRequest {
  @declare(
    {
      description:
        'Its name in the workflow: a letter or digit, then up to 99 of letters, digits, ".", "_" and "-"; not the form of an id.',
      example: 'process',
    },
    { type: 'string', minLength: 1, maxLength: 100, pattern: REF.source },
    says('isRef', refFault),
  )
  ref: string;

  @declare(
    {
      description:
        'Jobs of the workflow that must end first, by `ref` or as `{"ref", "on_failure"}`. If one of them fails or is cancelled, so is this one (`cancel`, the default), or it goes on all the same (`continue`).',
      optional: true,
      example: [],
    },
    {
      type: 'array',
      items: {
        oneOf: [
          { type: 'string', maxLength: 100 },
          {
            type: 'object',
            properties: {
              ref: { type: 'string', maxLength: 100 },
              on_failure: { type: 'string', enum: ON_FAILURE, default: 'cancel' },
            },
            required: ['ref'],
            additionalProperties: false,
          },
        ],
      },
      maxItems: MOST_JOBS,
    },
    says('areRefs', dependenciesFault),
  )
  depends_on?: (string | RefDependency)[];
}

/** Jobs that belong together, and who of them waits for whom. */
export class CreateWorkflowRequest {
  @Text({
    description: 'A name to find the workflow by.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    example: 'monthly-report',
  })
  name?: string;

  @TextList({
    description: 'Labels of the workflow; the jobs have their own.',
    maxItems: 20,
    maxLength: 100,
    optional: true,
    example: ['reports'],
  })
  tags?: string[];

  @declare(
    {
      description: `1 to ${MOST_JOBS} jobs in any order: all are accepted, or none.`,
      example: [
        { ref: 'first', payload: { hello: 'world' } },
        { ref: 'second', depends_on: ['first'], payload: { after: { $job: 'first' } } },
      ],
    },
    {
      type: 'array',
      items: { $ref: '#/components/schemas/WorkflowJobRequest' },
      minItems: 1,
      maxItems: MOST_JOBS,
    },
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_JOBS),
  )
  jobs: unknown[];

  @Nested({
    description: 'A job that is enqueued when all of them have ended, whatever their outcomes.',
    of: FinisherRequest,
    optional: true,
  })
  on_finished?: FinisherRequest;

  @Text({
    description:
      'Is told of the end of the workflow, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.',
    minLength: 1,
    maxLength: LONGEST_URL,
    format: 'uri',
    optional: true,
    example: 'https://hooks.example/reports',
  })
  callback_url?: string;
}

function refFault(value: unknown): string | undefined {
  if (typeof value !== 'string' || !REF.test(value))
    return 'ref must be a letter or digit, then up to 99 of letters, digits, ".", "_" and "-"';
  return isUuid(value) ? 'ref must not have the form of an id' : undefined;
}

function dependenciesFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > MOST_JOBS)
    return `depends_on must be a list of at most ${MOST_JOBS} refs of the workflow`;
  const wrong: unknown = value.find((one) => !isDependency(one));
  return wrong === undefined
    ? undefined
    : `depends_on names ${JSON.stringify(wrong)}, which is neither a ref nor {"ref": …, "on_failure": "cancel" or "continue"}`;
}

function isDependency(value: unknown): boolean {
  const { ref, on_failure = 'cancel', ...others } = isJsonObject(value) ? value : { ref: value };
  return typeof ref === 'string' && ON_FAILURE.includes(on_failure) && Object.keys(others).length === 0;
}
