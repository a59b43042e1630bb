import { Choice, Text, declare, says } from '../../common/http/index.js';
import {
  AGGREGATE_OPERATORS,
  type AggregateOperator,
  FILTER_OPERATORS,
  type FilterOperator,
  type FilterValue,
} from './engine/plan.js';

/** The longest name of a column, in characters. */
export const LONGEST_NAME = 200;

const LONGEST_VALUE = 1_000;
const MOST_VALUES = 1_000;

const SCALARS = [{ type: 'string', maxLength: LONGEST_VALUE }, { type: 'number' }, { type: 'boolean' }];

/** A condition that a row must satisfy. */
export class ConditionPayload {
  @Text({
    description: 'A column, or a path into a JSON object such as user.name.',
    minLength: 1,
    maxLength: LONGEST_NAME,
    example: 'amount',
  })
  field: string;

  @Choice({ description: 'How it is compared.', choices: FILTER_OPERATORS, example: 'gte' })
  op: FilterOperator;

  @declare(
    {
      description:
        'What it is compared with: a text, a number, true or false; a list of up to 1,000 of these for `in`; true (default) or false for `exists`.',
      optional: ({ op }: ConditionPayload) => op === 'exists',
      example: 100,
    },
    { oneOf: [...SCALARS, { type: 'array', items: { oneOf: SCALARS }, minItems: 1, maxItems: MOST_VALUES }] },
    says('isComparable', (value: unknown, { op }: ConditionPayload) => valueFault(value, op)),
  )
  value?: FilterValue | FilterValue[];
}

/** A figure of each group. */
export class AggregatePayload {
  @Choice({ description: 'What is counted or computed.', choices: AGGREGATE_OPERATORS, example: 'sum' })
  op: AggregateOperator;

  @Text({
    description: 'Of which column. Without one, `count` counts rows.',
    minLength: 1,
    maxLength: LONGEST_NAME,
    optional: ({ op }: AggregatePayload) => op === 'count',
    example: 'amount',
  })
  field?: string;

  @Text({
    description: 'The name of its column. Default: the op and the field, such as sum_amount.',
    minLength: 1,
    maxLength: LONGEST_NAME,
    optional: true,
    example: 'total',
  })
  as?: string;
}

/** A column that rows are sorted by. */
export class SortPayload {
  @Text({
    description: 'A column of the output, or of the input.',
    minLength: 1,
    maxLength: LONGEST_NAME,
    example: 'amount',
  })
  field: string;

  @Choice({ description: 'The order.', choices: ['asc', 'desc'], optional: true, default: 'asc' })
  order?: 'asc' | 'desc';
}

function valueFault(value: unknown, op: FilterOperator): string | undefined {
  if (op === 'exists')
    return typeof value === 'boolean' ? undefined : 'value must be true or false for exists';
  if (op === 'in') {
    const isList = Array.isArray(value) && value.length >= 1 && value.length <= MOST_VALUES;
    return isList && value.every(isScalar)
      ? undefined
      : `value must be a list of 1 to ${MOST_VALUES} texts, numbers, true or false for in`;
  }
  if (op === 'contains' || op === 'starts_with')
    return typeof value === 'string' && value !== '' && isScalar(value)
      ? undefined
      : `value must be a text of 1 to ${LONGEST_VALUE} characters for ${op}`;
  return isScalar(value)
    ? undefined
    : `value must be a text of up to ${LONGEST_VALUE} characters, a number, true or false; for a missing field use exists`;
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_VALUE && value.isWellFormed();
  return typeof value === 'boolean' || Number.isFinite(value);
}
