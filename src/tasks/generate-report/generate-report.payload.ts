import { artifactNameFault } from '../../artifacts/index.js';
import { Choice, NestedList, Text, Truth, declare, says } from '../../common/http/index.js';
import { MOST_INLINE_ROWS, columnsFault, jobFault, rowsFault, summaryFault } from './payload-rules.js';
import {
  ALIGNMENTS,
  type Alignment,
  FILE_FORMATS,
  type FileFormat,
  MOST_COLUMNS,
  type Row,
  TOTAL_OPS,
  type TotalOp,
  VALUE_FORMATS,
  type ValueFormat,
} from './report.js';

const FIELD_NAME = { minLength: 1, maxLength: 200 } as const;

/** A column of a report. */
class ReportColumn {
  @Text({ description: 'The field of each row that it shows.', ...FIELD_NAME, example: 'amount' })
  field: string;

  @Text({
    description: 'Its heading. Default: the name of the field.',
    maxLength: 200,
    optional: true,
    example: 'Amount',
  })
  label?: string;

  @Choice({
    description: 'Default: numbers to the right, everything else to the left.',
    choices: ALIGNMENTS,
    optional: true,
    example: 'right',
  })
  align?: Alignment;

  @Choice({
    description: 'How its values are read and shown. Default: each as what it is.',
    choices: VALUE_FORMATS,
    optional: true,
    example: 'decimal',
  })
  format?: ValueFormat;
}

/** A figure under a column. */
class ReportTotal {
  @Text({ description: 'The field of the column.', ...FIELD_NAME, example: 'amount' })
  field: string;

  @Choice({
    description: '`sum` and `avg` of its numbers, or `count` of its values.',
    choices: TOTAL_OPS,
    example: 'sum',
  })
  op: TotalOp;
}

/** What to report on, and as what. */
export class GenerateReportPayload {
  @declare(
    {
      description: `The rows, at most ${MOST_INLINE_ROWS}. Either these or \`job_id\`.`,
      optional: ({ job_id }: GenerateReportPayload) => job_id !== undefined,
      example: [{ item: 'Coffee', amount: 12.5 }],
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
    description: 'Stands above the table of a PDF, and names the sheet of a workbook.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    default: 'Report',
    example: 'Sales in February',
  })
  title?: string;

  @NestedList({
    description: 'The columns, in their order. Default: all fields of the first row.',
    of: ReportColumn,
    maxItems: MOST_COLUMNS,
    optional: true,
    example: [{ field: 'amount', label: 'Amount', format: 'decimal' }],
  })
  @says('areColumns', columnsFault)
  columns?: ReportColumn[];

  @NestedList({
    description: 'Figures under the table: one row for each operation.',
    of: ReportTotal,
    maxItems: MOST_COLUMNS,
    optional: true,
    example: [{ field: 'amount', op: 'sum' }],
  })
  @says('isSummary', summaryFault)
  summary?: ReportTotal[];

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
