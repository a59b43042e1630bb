import type { Artifact } from '../../artifacts/index.js';
import { PermanentFailure } from '../../worker/index.js';
import type { Outcome } from './engine/plan.js';

/** What a job answers with. */
export interface ProcessDataResult {
  /** Only when they were not written into an artifact. */
  readonly rows?: readonly unknown[];
  readonly rows_written: number;
  /** All but the one that names the columns. */
  readonly rows_read: number;
  readonly rows_matched: number;
  /** Could not be read and were left out. */
  readonly rows_skipped: number;
  readonly bytes_read: number;
  readonly columns: readonly string[];
  readonly artifact?: {
    readonly name: string;
    readonly content_type: string;
    readonly bytes: number;
    readonly sha256: string;
  };
}

/** As much of a result is kept, as JSON, in bytes. */
const MOST_BYTES = 256 * 1024;

/**
 * The result of a job.
 * @throws PermanentFailure when it has more bytes than are kept
 */
export function toResult(outcome: Outcome, artifact: Artifact | undefined): ProcessDataResult {
  const counts = {
    rows_written: outcome.rowsWritten,
    rows_read: outcome.rowsRead,
    rows_matched: outcome.rowsMatched,
    rows_skipped: outcome.rowsSkipped,
    bytes_read: outcome.bytesRead,
    columns: outcome.columns,
  };
  if (artifact) {
    const { name, contentType, bytes, sha256 } = artifact;
    return { ...counts, artifact: { name, content_type: contentType, bytes, sha256 } };
  }
  const rows = outcome.rows.split('\n').slice(0, -1);
  const result = { rows: JSON.parse(`[${rows.join()}]`) as unknown[], ...counts };
  if (Buffer.byteLength(JSON.stringify(result)) <= MOST_BYTES) return result;
  throw new PermanentFailure(
    'The result has more than 256 KiB. Say limit, or output: artifact for a file of any size',
  );
}
