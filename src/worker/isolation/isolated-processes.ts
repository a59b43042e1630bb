import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { JobEvents } from '../../queue/index.js';
import { JudgedElsewhere } from '../error-verdict.js';
import { IsolatedProcess } from './isolated-process.js';

/** A process takes about a second to start; after this time (ms) the job is given back, for another worker to try. */
const LONGEST_START_MS = 30_000;

const FIRST_RETRY_MS = 500;

/** An idle process is kept for the next attempt for this time (ms): it holds memory and a few connections. */
const IDLE_MS = 30_000;

/** What an attempt asks of its process. */
export interface WantedProcess {
  /** MiB of heap; null = as much as the worker. */
  readonly memoryMb: number | null;
  /** No attempt has run in it before. */
  readonly isFresh: boolean;
}

/** The processes in which this worker runs single attempts. */
@Injectable()
export class IsolatedProcesses implements OnApplicationShutdown {
  private readonly logger = new Logger('Isolation');
  private readonly processes = new Set<IsolatedProcess>();
  private readonly idle = new Map<IsolatedProcess, NodeJS.Timeout>();

  constructor(
    private readonly events: JobEvents,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * A process that can run an attempt at once. Give it back with `release`.
   * @throws JudgedElsewhere (released) when none could be started; the signal's reason when it fires before
   */
  async acquire(wanted: WantedProcess, signal: AbortSignal): Promise<IsolatedProcess> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_START_MS)]);
    for (let delay = FIRST_RETRY_MS; ; delay *= 2) {
      try {
        return this.takeIdle(wanted) ?? (await this.startBefore(patience, wanted.memoryMb));
      } catch (error) {
        signal.throwIfAborted();
        this.logger.error(`A process for a single attempt did not start: ${messageOf(error)}`);
      }
      await pause(delay, undefined, { signal: patience }).catch(() => undefined);
      signal.throwIfAborted();
      if (patience.aborted) throw new JudgedElsewhere({ kind: 'released' });
    }
  }

  /** @param isFit nothing of the attempt is left in it that could harm the next one */
  release(process: IsolatedProcess, isFit: boolean): void {
    if (isFit && !process.hasEnded)
      this.idle.set(
        process,
        setTimeout(() => void this.remove(process), IDLE_MS),
      );
    else void this.remove(process);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.processes].map((process) => this.remove(process)));
  }

  private takeIdle({ memoryMb, isFresh }: WantedProcess): IsolatedProcess | undefined {
    if (isFresh) return undefined;
    const found = [...this.idle.keys()].find((process) => process.memoryMb === memoryMb && !process.hasEnded);
    clearTimeout(found && this.idle.get(found));
    if (found) this.idle.delete(found);
    return found;
  }

  private async startBefore(patience: AbortSignal, memoryMb: number | null): Promise<IsolatedProcess> {
    const process = new IsolatedProcess({
      memoryMb,
      deadAfterSeconds: this.config.worker.deadAfterSeconds,
      onEvent: ({ event, args }) => this.events.emit(event, ...args),
    });
    this.processes.add(process);
    try {
      await before(patience, process.ready);
      return process;
    } catch (error) {
      void this.remove(process);
      throw error;
    }
  }

  private async remove(process: IsolatedProcess): Promise<void> {
    clearTimeout(this.idle.get(process));
    this.idle.delete(process);
    this.processes.delete(process);
    await process.kill();
  }
}

async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
