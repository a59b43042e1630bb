import { artifactNameFault } from '../../artifacts/index.js';
import { Choice, Text, Truth, declare, says } from '../../common/http/index.js';
import {
  ALIGNMENTS,
  type Column,
  FILE_FORMATS,
  type FileFormat,
  MOST_COLUMNS,
  type Row,
  TOTAL_OPS,
  type Total,
  VALUE_FORMATS,
} from './report.js';
import { MOST_INLINE_ROWS, columnsFault, jobFault, rowsFault, summaryFault } from './payload-rules.js';

const FIELD = { type: 'string', minLength: 1, maxLength: 200 } as const;

/** A column as it is asked for. */
export type ColumnRequest = Pick<Column, 'field'> & Partial<Column>;

/** What to report on, and as what. */
export class GenerateReportPayload {
  @declare(
    {
      description: `The rows, at most ${MOST_INLINE_ROWS}. Either these or \`job_id\`.`,
      optional: ({ job_id }: GenerateReportPayload) => job_id !== undefined,
      example: [
        { item: 'Coffee', amount: 12.5 },
        { item: 'Tea', amount: 8 },
      ],
    },
    {
      type: 'array',
      items: { type: 'object', additionalProperties: true },
      maxItems: MOST_INLINE_ROWS,
    },
    says('areRows', rowsFault),
  )
  rows?: Row[];

  @declare(
    {
      description:
        'A completed job whose result has the rows, or names the CSV or JSON Lines file that has them, such as a `process_data` job. Name it in `depends_on` too, and this one waits for it.',
      optional: true,
      example: '01890a5d-ac96-774b-bcce-b302099a8057',
    },
    { type: 'string', format: 'uuid' },
    says('isSourceJob', jobFault),
  )
  job_id?: string;

  @Choice({ description: 'The format of the file.', choices: FILE_FORMATS, example: 'pdf' })
  format: FileFormat;

  @Text({
    description: 'Stands above the table of a PDF and is the name of the sheet in a workbook.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    default: 'Report',
    example: 'Sales in February',
  })
  title?: string;

  @declare(
    {
      description: 'The columns, in their order. Default: all fields of the first row.',
      optional: true,
      example: [
        { field: 'item', label: 'Item' },
        { field: 'amount', label: 'Amount', format: 'decimal' },
      ],
    },
    {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: FIELD,
          label: { type: 'string', maxLength: 200 },
          align: { type: 'string', enum: [...ALIGNMENTS] },
          format: { type: 'string', enum: [...VALUE_FORMATS] },
        },
        required: ['field'],
        additionalProperties: false,
      },
      minItems: 1,
      maxItems: MOST_COLUMNS,
    },
    says('areColumns', columnsFault),
  )
  columns?: ColumnRequest[];

  @declare(
    {
      description: 'Figures under the table; one row for each operation.',
      optional: true,
      example: [{ field: 'amount', op: 'sum' }],
    },
    {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: FIELD, op: { type: 'string', enum: [...TOTAL_OPS] } },
        required: ['field', 'op'],
        additionalProperties: false,
      },
      maxItems: MOST_COLUMNS,
    },
    says('isSummary', summaryFault),
  )
  summary?: Total[];

  @declare(
    {
      description: 'The name of the file. Default: `report.` and the format.',
      optional: true,
      example: 'sales-2026-02.pdf',
    },
    { type: 'string', minLength: 1, maxLength: 255 },
    says('isArtifactName', nameFault),
  )
  name?: string;

  @Truth({
    description: 'CSV: begins with a byte order mark, by which Excel knows that the text is UTF-8.',
    optional: true,
    default: false,
    example: false,
  })
  bom?: boolean;

  @Choice({
    description: 'PDF: the paper.',
    choices: ['a4', 'letter'],
    optional: true,
    default: 'a4',
    example: 'a4',
  })
  page_size?: 'a4' | 'letter';

  @Choice({
    description: 'PDF: `auto` lays the page on its side when the columns need it.',
    choices: ['auto', 'portrait', 'landscape'],
    optional: true,
    default: 'auto',
    example: 'auto',
  })
  orientation?: 'auto' | 'portrait' | 'landscape';
}

function nameFault(name: unknown): string | undefined {
  const fault = artifactNameFault(name);
  return fault && `name ${fault}`;
}
