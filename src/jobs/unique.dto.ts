import { Choice, Text, declare, says } from '../common/http/index.js';
import { type OnConflict, UNIQUE_FIELDS, type UniqueField, type UniqueKey } from '../queue/index.js';

const LONGEST_SECONDS = 366 * 86_400;

/** Which jobs count as the same, for how long, and what becomes of the second. */
export class UniqueRequest {
  @Text({
    description: 'A key of your own. Default: one made of `by`.',
    minLength: 1,
    maxLength: 255,
    optional: true,
    example: 'report-2026-02',
  })
  key?: string;

  @declare(
    {
      description: 'The fields in which two jobs must be equal to count as the same.',
      optional: true,
      default: ['type', 'payload'],
      example: ['type', 'payload'],
    },
    { type: 'array', items: { type: 'string', enum: [...UNIQUE_FIELDS] }, minItems: 1 },
    says('areUniqueFields', byFault),
  )
  by?: UniqueField[];

  @declare(
    {
      description:
        'Until when the job keeps others away: its first start (`waiting`), its end (`unfinished`), or a number of seconds after its creation.',
      optional: true,
      default: 'waiting',
      example: 'waiting',
    },
    {
      oneOf: [
        { type: 'string', enum: ['waiting', 'unfinished'] },
        {
          type: 'object',
          properties: { seconds: { type: 'number', exclusiveMinimum: 0, maximum: LONGEST_SECONDS } },
          required: ['seconds'],
          additionalProperties: false,
        },
      ],
    },
    says('isUniqueWhile', whileFault),
  )
  while?: UniqueKey['while'];

  @Choice({
    description:
      'What becomes of the second job: the first one is the answer (`return`), the waiting first one takes over its payload, schedule and priority (`replace`), or it is refused (`reject`).',
    choices: ['return', 'replace', 'reject'],
    optional: true,
    default: 'return',
    example: 'return',
  })
  on_conflict?: OnConflict;
}

function byFault(value: unknown): string | undefined {
  const isList = Array.isArray(value) && value.length > 0;
  return isList && value.every((field) => UNIQUE_FIELDS.includes(field as UniqueField))
    ? undefined
    : `unique.by must be a list of ${UNIQUE_FIELDS.map((field) => `"${field}"`).join(', ')}`;
}

function whileFault(value: unknown): string | undefined {
  if (value === 'waiting' || value === 'unfinished') return undefined;
  const { seconds, ...others } = (value ?? {}) as Record<string, unknown>;
  const isTime = typeof seconds === 'number' && seconds > 0 && seconds <= LONGEST_SECONDS;
  return isTime && Object.keys(others).length === 0
    ? undefined
    : `unique.while must be "waiting", "unfinished" or {"seconds": n} with n up to ${LONGEST_SECONDS}`;
}
