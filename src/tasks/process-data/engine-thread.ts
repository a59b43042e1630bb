import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PermanentFailure } from '../../worker/index.js';
import type { FromThread, ThreadData, ToThread } from './engine/messages.js';
import type { Format, Outcome, Plan } from './engine/plan.js';
import type { Source } from './source.js';

const THREAD = fileURLToPath(new URL('./engine/engine.thread.js', import.meta.url));

/** MiB. Groups and distinct values are counted and end a job long before. */
const HEAP_MB = 128;
/** MiB. What lives shortly is text of single rows; more would only be memory that nobody uses. */
const YOUNG_HEAP_MB = 8;

/** Chunks of the input that are on their way to the thread. */
const MOST_AHEAD = 4;

/** Bytes of rows that wait to be written. */
const MOST_WAITING = 256 * 1024;

interface Questions {
  readonly plan: Plan;
  readonly source: Source;
  /** Where a sort keeps its temporary file. */
  readonly folder: string;
}

/** A thread that reads rows and answers with rows, so that the process's other jobs go on as if nothing were. */
export class EngineThread {
  /** In which format rows come; known when the columns are. */
  readonly format: Promise<Format>;
  readonly outcome: Promise<Outcome>;
  /** The rows, unless they are part of the outcome. */
  readonly rows: Readable;
  bytesRead = 0;
  bytesWritten = 0;

  private readonly thread: Worker;
  private readonly began = Promise.withResolvers<Format>();
  private readonly ended = Promise.withResolvers<Outcome>();
  private isDone = false;
  private ahead = 0;
  private onUsed: () => void = () => undefined;

  /** @param onProgress is called whenever `bytesRead` or `bytesWritten` have grown */
  constructor(
    { plan, source, folder }: Questions,
    private readonly onProgress: () => void,
  ) {
    const data: ThreadData = { plan, folder, fd: source.fd };
    this.thread = new Worker(THREAD, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
      execArgv: [],
      env: {},
    });
    this.format = this.began.promise;
    this.outcome = this.ended.promise;
    this.rows = new Readable({ highWaterMark: MOST_WAITING, read: () => this.tell({ kind: 'more' }) });
    // Whoever awaits these hears of it; the others need not.
    for (const promise of [this.format, this.outcome]) promise.catch(() => undefined);
    this.rows.on('error', () => undefined);
    this.thread
      .on('message', (message: FromThread) => this.hear(message))
      .on('error', (error) => this.fail(toFailure(error)))
      .on('exit', () => this.fail(new Error('The thread that reads the rows ended before it was done')));
    if (source.chunks) this.feed(source.chunks).catch((error: unknown) => this.fail(error));
  }

  /** Ends it, whatever it is doing; what it had open is closed then. */
  async stop(reason: unknown = new Error('The thread that reads the rows was stopped')): Promise<void> {
    this.fail(reason);
    this.rows.destroy();
    await this.thread.terminate();
  }

  private hear(message: FromThread): void {
    switch (message.kind) {
      case 'began':
        this.began.resolve(message.format);
        break;
      case 'used':
        this.ahead--;
        this.onUsed();
        break;
      case 'read':
        this.bytesRead = message.bytes;
        this.onProgress();
        break;
      case 'rows':
        this.bytesWritten += message.bytes.length;
        this.rows.push(message.bytes);
        this.onProgress();
        break;
      case 'done':
        this.isDone = true;
        this.rows.push(null);
        this.ended.resolve(message.outcome);
        break;
      case 'refused':
        this.fail(new PermanentFailure(message.message));
    }
  }

  /** Once all is done, rows may still be on their way to whoever reads them. */
  private fail(reason: unknown): void {
    if (this.isDone) return;
    this.began.reject(reason);
    this.ended.reject(reason);
    this.rows.destroy(reason as Error);
    this.onUsed();
  }

  private async feed(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      while (this.ahead >= MOST_AHEAD && !this.rows.destroyed)
        await new Promise<void>((resolve) => (this.onUsed = resolve));
      if (this.rows.destroyed || this.isDone) return;
      this.ahead++;
      // A copy: what it stands in may be a part of something larger.
      const bytes = new Uint8Array(chunk);
      this.tell({ kind: 'input', bytes }, [bytes.buffer]);
    }
    this.tell({ kind: 'input', bytes: null });
  }

  private tell(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.thread.postMessage(message, transfer);
  }
}

function toFailure(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new PermanentFailure(
      `The rows take more than the ${HEAP_MB} MiB of memory that a job may have: group by fewer fields, or filter more rows out`,
    );
  if (code === 'ENOSPC')
    return new Error('The disk of DATA_DIR is full, and sorting needs as much room as its rows: free some', {
      cause: error,
    });
  return error;
}
