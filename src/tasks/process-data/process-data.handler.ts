import { Inject } from '@nestjs/common';
import { join } from 'node:path';
import type { Artifact } from '../../artifacts/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { EgressRules, ForbiddenTargetError, OutboundHttp } from '../../egress/index.js';
import { type JobContext, JobHandler } from '../../worker/index.js';
import { openDownload } from './download.js';
import type { Format, Outcome } from './engine/plan.js';
import { EngineThread } from './engine-thread.js';
import { openInputFile } from './input-file.js';
import { planOf } from './plan-of.js';
import { type ProcessDataPayload, processDataPayload } from './process-data.payload.js';
import { type ProcessDataResult, toResult } from './process-data.result.js';
import { type Source, inlineSource } from './source.js';

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson',
};

/** Of a sort, reading is so much of the work; the rest is writing. */
const READING_SHARE = 0.6;

/** Filters, groups and sorts the rows of CSV and JSON Lines, however many there are. */
@JobHandler({
  type: 'process_data',
  description: 'Filters, groups and sorts CSV or JSON Lines of any size.',
  payload: { by: ({ egress }) => processDataPayload(new EgressRules(egress)) },
  example: {
    data: 'country,amount\nDE,12.50\nFR,8\nDE,3.50\n',
    group_by: ['country'],
    aggregate: [{ op: 'sum', field: 'amount', as: 'total' }],
    sort: [{ field: 'total', order: 'desc' }],
  },
  policy: { failOn: [ForbiddenTargetError] },
})
export class ProcessDataHandler {
  constructor(
    private readonly http: OutboundHttp,
    private readonly rules: EgressRules,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(job: JobContext<ProcessDataPayload>): Promise<ProcessDataResult> {
    const source = await this.open(job);
    try {
      return await this.ask(job, source);
    } finally {
      await source.close();
    }
  }

  private async open({ payload, signal }: JobContext<ProcessDataPayload>): Promise<Source> {
    if (payload.url !== undefined) return openDownload(this.http, this.rules, payload.url, signal);
    if (payload.file !== undefined) return openInputFile(this.config.dataDir, payload.file);
    return inlineSource(payload.data ?? '');
  }

  private async ask(job: JobContext<ProcessDataPayload>, source: Source): Promise<ProcessDataResult> {
    const { signal, payload } = job;
    signal.throwIfAborted();
    const plan = planOf(payload, source.kind);
    const folder = join(this.config.dataDir, 'tmp');
    const thread = new EngineThread({ plan, source, folder }, () => tellProgress(job, source, thread));
    const stop = () => void thread.stop(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const [outcome, artifact] = await Promise.all([
        thread.outcome,
        plan.output.kind === 'file' ? this.write(job, thread) : undefined,
      ]);
      tellFaults(job, outcome);
      return toResult(outcome, artifact);
    } finally {
      signal.removeEventListener('abort', stop);
      await thread.stop();
    }
  }

  private async write(
    { payload, artifacts }: JobContext<ProcessDataPayload>,
    thread: EngineThread,
  ): Promise<Artifact> {
    const format = await thread.format;
    return artifacts.write(payload.name ?? `rows.${format}`, CONTENT_TYPES[format], thread.rows);
  }
}

function tellProgress(job: JobContext<ProcessDataPayload>, { bytes }: Source, thread: EngineThread): void {
  const { bytesRead, bytesWritten } = thread;
  const message = `${megabytes(bytesRead)} read`;
  if (!bytes) {
    job.progress(0, message);
    return;
  }
  const isSorted = Boolean(job.payload.sort?.length);
  const done = isSorted ? READING_SHARE * bytesRead + (1 - READING_SHARE) * bytesWritten : bytesRead;
  job.progress(Math.min(99, Math.floor((100 * done) / bytes)), `${message} of ${megabytes(bytes)}`);
}

function tellFaults(job: JobContext, { faults, rowsSkipped }: Outcome): void {
  for (const fault of faults) job.log('warn', `${fault}: left out`);
  if (rowsSkipped > faults.length) job.log('warn', `${rowsSkipped - faults.length} more rows were left out`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
