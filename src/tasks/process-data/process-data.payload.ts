import type { ClassConstructor } from 'class-transformer';
import { artifactNameFault } from '../../artifacts/index.js';
import {
  Choice,
  Integer,
  NestedList,
  Text,
  TextList,
  Truth,
  declare,
  says,
} from '../../common/http/index.js';
import { type EgressRules, LONGEST_URL } from '../../egress/index.js';
import type { Format } from './engine/plan.js';
import { filePathFault } from './input-file.js';
import { outputFault, renameFault, sourceFault, ungroupedFault } from './payload-rules.js';
import { AggregatePayload, ConditionPayload, LONGEST_NAME, SortPayload } from './steps.payload.js';

const FORMATS = ['csv', 'jsonl'] as const;
const LONGEST_TEXT = 1_000_000;

const MOST_FIELDS = 200;
const MOST_STEPS = 32;
const MOST_SORT_FIELDS = 8;
const MOST_ROWS = 1_000_000_000;

/** Rows, and what is to be done with them. */
export abstract class ProcessDataPayload {
  @declare(
    {
      description: 'The rows themselves. Exactly one of `data`, `url` and `file`.',
      optional: ({ url, file }: ProcessDataPayload) => url !== undefined || file !== undefined,
      example: 'country,amount\nDE,12.50\nFR,8\nDE,3.50\n',
    },
    { type: 'string', maxLength: LONGEST_TEXT },
    says('isData', (value: unknown, of: ProcessDataPayload) => sourceFault('data', of) ?? textFault(value)),
  )
  data?: string;

  abstract url?: string;

  @declare(
    {
      description: 'A file below DATA_DIR, as a relative path.',
      optional: true,
      example: 'imports/orders.csv',
    },
    { type: 'string', maxLength: 1_000 },
    says('isFile', (value: unknown, of: ProcessDataPayload) => {
      const fault = filePathFault(value);
      return sourceFault('file', of) ?? (fault && `file ${fault}`);
    }),
  )
  file?: string;

  @Choice({
    description:
      'What the rows are written in. Default: by the extension or the content type, else jsonl when they begin with {.',
    choices: FORMATS,
    optional: true,
  })
  format?: Format;

  @Text({
    description:
      'What separates the fields of CSV: one ASCII character. Default: a comma, or a tab for .tsv.',
    minLength: 1,
    maxLength: 1,
    pattern: /^[\t\x20-\x7e]$/,
    patternSays: 'must be one ASCII character, such as ; or a tab',
    optional: true,
    default: ',',
  })
  delimiter?: string;

  @Truth({
    description: 'Whether the first row of CSV names the columns; else they are column_1, column_2, …',
    optional: true,
    default: true,
  })
  header?: boolean;

  @Choice({
    description:
      'What becomes of a row that cannot be read: fail ends the job and names the line, skip leaves it out and counts it.',
    choices: ['fail', 'skip'],
    optional: true,
    default: 'fail',
  })
  on_error?: 'fail' | 'skip';

  @NestedList({
    description: 'Which rows are taken: those that satisfy all of these.',
    of: ConditionPayload,
    maxItems: MOST_STEPS,
    optional: true,
  })
  filter?: ConditionPayload[];

  @declare(
    {
      description: 'Which columns are written, in this order. Default: all.',
      optional: true,
      example: ['country', 'amount'],
    },
    {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: LONGEST_NAME },
      minItems: 1,
      maxItems: MOST_FIELDS,
    },
    says(
      'isSelection',
      (value: unknown, of: ProcessDataPayload) => ungroupedFault('select', of) ?? namesFault('select', value),
    ),
  )
  select?: string[];

  @declare(
    { description: 'New names of columns, by their old ones.', optional: true, example: { amount: 'price' } },
    {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1, maxLength: LONGEST_NAME },
      maxProperties: MOST_FIELDS,
    },
    says(
      'isRenaming',
      (value: unknown, of: ProcessDataPayload) =>
        ungroupedFault('rename', of) ?? renameFault(value, MOST_FIELDS, LONGEST_NAME),
    ),
  )
  rename?: Record<string, string>;

  @TextList({
    description: 'One row for each combination of the values of these columns.',
    maxItems: MOST_STEPS,
    maxLength: LONGEST_NAME,
    optional: true,
    example: ['country'],
  })
  group_by?: string[];

  @NestedList({
    description: 'The figures of each group, or of all rows together.',
    of: AggregatePayload,
    maxItems: MOST_STEPS,
    optional: true,
  })
  aggregate?: AggregatePayload[];

  @NestedList({
    description: 'The order of the rows; the first column counts first.',
    of: SortPayload,
    maxItems: MOST_SORT_FIELDS,
    optional: true,
  })
  sort?: SortPayload[];

  @Integer({ description: 'How many rows are written at most.', min: 1, max: MOST_ROWS, optional: true })
  limit?: number;

  @Choice({
    description: "Where rows go: into the job's result (up to 1,000 rows and 256 KiB) or into a file of it.",
    choices: ['result', 'artifact'],
    optional: true,
    default: 'result',
  })
  output?: 'result' | 'artifact';

  @declare(
    {
      description: "The artifact's name. Default: rows.csv or rows.jsonl.",
      optional: true,
      example: 'orders.csv',
    },
    { type: 'string', maxLength: 255 },
    says(
      'isArtifactName',
      (value: unknown, of: ProcessDataPayload) => outputFault('name', of) ?? nameFault(value),
    ),
  )
  name?: string;

  @declare(
    { description: "The artifact's format. Default: by its name, else that of the input.", optional: true },
    { type: 'string', enum: [...FORMATS] },
    says(
      'isOutputFormat',
      (value: unknown, of: ProcessDataPayload) =>
        outputFault('output_format', of) ??
        (FORMATS.includes(value as Format) ? undefined : 'output_format must be csv or jsonl'),
    ),
  )
  output_format?: Format;
}

/** The payload's class where these rules say which URLs may be asked. */
export function processDataPayload(rules: EgressRules): ClassConstructor<ProcessDataPayload> {
  class RuledProcessDataPayload extends ProcessDataPayload {
    @declare(
      {
        description:
          'Where the rows are fetched: a public address, by https. HTTP_ALLOW_HTTP and HTTP_ALLOW_PRIVATE allow more.',
        optional: true,
        example: 'https://example.com/orders.csv',
      },
      { type: 'string', format: 'uri', maxLength: LONGEST_URL },
      says('isAllowedUrl', (value: unknown, of: ProcessDataPayload) => {
        const fault = rules.faultOf(value);
        return sourceFault('url', of) ?? (fault && `url ${fault}`);
      }),
    )
    url?: string;
  }
  return RuledProcessDataPayload;
}

function nameFault(value: unknown): string | undefined {
  const fault = artifactNameFault(value);
  return fault && `name ${fault}`;
}

function textFault(value: unknown): string | undefined {
  const isText =
    typeof value === 'string' &&
    value.length <= LONGEST_TEXT &&
    value.isWellFormed() &&
    !value.includes('\0');
  return isText
    ? undefined
    : 'data must be a text of up to 1,000,000 characters without NUL: put more into a file';
}

function namesFault(field: string, value: unknown): string | undefined {
  const isName = (name: unknown) => typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME;
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= MOST_FIELDS;
  if (!isList || !value.every(isName))
    return `${field} must be a list of 1 to ${MOST_FIELDS} names of columns`;
  return new Set(value).size === value.length ? undefined : `${field} names a column twice`;
}
