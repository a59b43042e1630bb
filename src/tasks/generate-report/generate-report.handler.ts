import { type JobContext, JobHandler } from '../../worker/index.js';
import { csvOf } from './csv.js';
import { GenerateReportPayload } from './generate-report.payload.js';
import { Pace } from './pace.js';
import { pdfOf } from './pdf/pdf.js';
import { type FileFormat, MOST_ROWS, type Rendered, type Row, type Table } from './report.js';
import { type Source, openSource } from './source.js';
import { tableOf } from './table.js';
import { xlsxOf } from './xlsx.js';

const CONTENT_TYPES: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

/** Rows between two words on the progress. */
const STRIDE = 250;
/** Of the progress, in percent: the rest is the drawing of pages. */
const READING = { csv: 99, xlsx: 99, pdf: 30 } as const;

/** What became of a report. */
interface ReportResult {
  /** The name of the file. */
  readonly artifact: string;
  readonly format: FileFormat;
  readonly rows: number;
  readonly pages?: number;
  readonly bytes: number;
}

/** Makes a table into a file for people. */
@JobHandler({
  type: 'generate_report',
  description: 'Makes a CSV, XLSX or PDF file of rows, given or made by another job.',
  jobsRead: ({ job_id }) => [job_id],
  payload: GenerateReportPayload,
  example: {
    format: 'pdf',
    title: 'Sales in February',
    rows: [
      { item: 'Coffee', amount: 12.5 },
      { item: 'Tea', amount: 8 },
    ],
    columns: [
      { field: 'item', label: 'Item' },
      { field: 'amount', label: 'Amount', format: 'decimal' },
    ],
    summary: [{ field: 'amount', op: 'sum' }],
  },
})
export class GenerateReportHandler {
  async run(job: JobContext<GenerateReportPayload>): Promise<ReportResult> {
    const source = await openSource(job);
    try {
      return await makeReport(job, source);
    } finally {
      source.close();
    }
  }
}

async function makeReport(job: JobContext<GenerateReportPayload>, source: Source): Promise<ReportResult> {
  const { format, title = 'Report', columns, summary = [], name = `report.${format}` } = job.payload;
  const pace = new Pace(job.signal);
  const request = { title, columns, summary, mostRows: MOST_ROWS[format] };
  const table = await tableOf(watched(job, source, READING[format]), source.fields, request, pace);
  const { content, pages } = await render(job.payload, table, pace);
  const watchedPages = pages === undefined ? content : watchedDrawing(job, content, pages);
  const { bytes } = await job.artifacts.write(name, CONTENT_TYPES[format], watchedPages);
  for (const [field, count] of table.counts.misfits) {
    const values = count === 1 ? 'One value' : `${count} values`;
    job.log(
      'warn',
      `${values} of "${field}" could not be read in the format of the column and stand as text`,
    );
  }
  return {
    artifact: name,
    format,
    rows: table.counts.rows,
    ...(pages === undefined ? {} : { pages }),
    bytes,
  };
}

async function render(payload: GenerateReportPayload, table: Table, pace: Pace): Promise<Rendered> {
  const { format, bom = false, page_size: size = 'a4', orientation = 'auto' } = payload;
  if (format === 'csv') return { content: csvOf(table, bom) };
  if (format === 'xlsx') return { content: xlsxOf(table) };
  return pdfOf(table, { size, orientation }, new Date(), pace);
}

/** The rows, and word of how many of them have been read. */
async function* watched(job: JobContext, source: Source, percent: number): AsyncGenerator<Row> {
  let read = 0;
  for await (const row of source.rows) {
    yield row;
    read += 1;
    if (read % STRIDE === 0) job.progress(Math.round(source.share(read) * percent), `${read} rows read`);
  }
}

/** The file, which grows by a piece a page. */
async function* watchedDrawing(
  job: JobContext,
  content: AsyncIterable<Uint8Array>,
  pages: number,
): AsyncGenerator<Uint8Array> {
  let drawn = 0;
  for await (const piece of content) {
    yield piece;
    drawn = Math.min(drawn + 1, pages);
    const percent = READING.pdf + Math.round((drawn / pages) * (99 - READING.pdf));
    job.progress(percent, `${drawn} of ${pages} pages drawn`);
  }
}
