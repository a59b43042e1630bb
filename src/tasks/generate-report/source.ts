import type { Readable } from 'node:stream';
import type { OpenArtifact } from '../../artifacts/index.js';
import { isJsonObject } from '../../common/json-object.js';
import { type JobContext, PermanentFailure } from '../../worker/index.js';
import type { GenerateReportPayload } from './generate-report.payload.js';
import type { Row } from './report.js';
import { csvRows, jsonLineRows } from './source-files.js';

/** Where the rows come from. */
export interface Source {
  readonly rows: AsyncIterable<Row> | Iterable<Row>;
  /** The columns as whoever made the rows names them. */
  readonly fields?: readonly string[] | undefined;
  /** How much of it has been read, from 0 to 1. */
  share(rowsRead: number): number;
  close(): void;
}

/** What a job has to leave behind for a report to be made of it. */
interface RowsResult {
  readonly rows?: unknown;
  readonly columns?: unknown;
  /** The name of a file, or an object that has it. */
  readonly artifact?: unknown;
}

type Reader = (content: AsyncIterable<Uint8Array>, fields?: readonly string[]) => AsyncIterable<Row>;

/**
 * Opens the rows of the payload, or of the job it names.
 * @throws PermanentFailure when that job has not completed, or has left no rows
 */
export async function openSource(job: JobContext<GenerateReportPayload>): Promise<Source> {
  const { rows, job_id: jobId } = job.payload;
  if (jobId === undefined) return inMemory(rows ?? []);
  const result = (await job.resultOf(jobId, true)) as RowsResult | null;
  const fields = fieldsOf(result?.columns);
  if (Array.isArray(result?.rows)) return { ...inMemory(requireObjects(result.rows, jobId)), fields };
  const file = fileNameOf(result?.artifact);
  if (file !== undefined) return fromFile(await job.artifacts.open(jobId, file), fields);
  throw new PermanentFailure(
    `The result of job ${jobId} has neither rows, a list of objects, nor artifact, the name of a CSV or JSON Lines file: name a process_data job, and let it write an artifact when its rows are many`,
  );
}

function inMemory(rows: readonly Row[]): Source {
  return { rows, share: (read) => read / Math.max(rows.length, 1), close: () => undefined };
}

function fromFile({ artifact, content }: OpenArtifact, fields?: readonly string[]): Source {
  const read = readerOf(artifact.contentType, artifact.name);
  if (!read) {
    content.destroy();
    throw new PermanentFailure(
      `"${artifact.name}" is ${artifact.contentType}, and a report is made of CSV or JSON Lines: let the job write one of them`,
    );
  }
  let bytes = 0;
  async function* counted(stream: Readable): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  return {
    rows: read(counted(content), fields),
    fields,
    share: () => bytes / Math.max(artifact.bytes, 1),
    close: () => void content.destroy(),
  };
}

function readerOf(contentType: string, name: string): Reader | undefined {
  if (/^text\/csv\b/i.test(contentType) || /\.csv$/i.test(name)) return csvRows;
  const isJsonLines = /^application\/(?:x-)?(?:jsonl|jsonlines|json-lines|ndjson)\b/i.test(contentType);
  return isJsonLines || /\.(?:jsonl|ndjson)$/i.test(name) ? jsonLineRows : undefined;
}

function fileNameOf(artifact: unknown): string | undefined {
  const name = typeof artifact === 'object' ? (artifact as { name?: unknown } | null)?.name : artifact;
  return typeof name === 'string' ? name : undefined;
}

function fieldsOf(columns: unknown): readonly string[] | undefined {
  const isList = Array.isArray(columns) && columns.length > 0;
  return isList && columns.every((name) => typeof name === 'string') ? columns : undefined;
}

function requireObjects(rows: readonly unknown[], jobId: string): readonly Row[] {
  const wrong = rows.findIndex((row) => !isJsonObject(row));
  if (wrong < 0) return rows as readonly Row[];
  throw new PermanentFailure(
    `Row ${wrong + 1} in the result of job ${jobId} is no object, as the rows of a report are`,
  );
}
