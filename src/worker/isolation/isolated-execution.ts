import type { ClaimedJob } from '../../queue/index.js';
import { withinTrace } from '../attempt-trace.js';
import { JudgedElsewhere } from '../error-verdict.js';
import type { Execution } from '../handler-call.js';
import { ABORT_GRACE_MS } from '../running-attempt.js';
import { type IsolatedProcess, ProcessLostError } from './isolated-process.js';
import type { IsolatedProcesses, WantedProcess } from './isolated-processes.js';

/** A process that ignores its signal is killed a moment (ms) before its attempt would count as stuck. */
const KILL_AFTER_MS = ABORT_GRACE_MS - 500;

/** A handler that runs in a process of its own, which can be killed. */
export class IsolatedExecution implements Execution {
  private readonly start = Promise.withResolvers<void>();
  readonly started = this.start.promise;
  hasCompleted = false;

  constructor(
    private readonly job: ClaimedJob,
    private readonly signal: AbortSignal,
    private readonly processes: IsolatedProcesses,
    private readonly wanted: WantedProcess,
  ) {}

  async run(): Promise<unknown> {
    const process = await this.processes.acquire(this.wanted, this.signal);
    this.start.resolve();
    const spare = this.killWhenIgnored(process);
    try {
      return await this.resultFrom(process);
    } finally {
      spare();
      this.processes.release(process, !this.signal.aborted);
    }
  }

  /** What the handler said was written before its process told how it ended. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private async resultFrom(process: IsolatedProcess): Promise<unknown> {
    try {
      const { outcome, isDecision, hasCompleted } = await process.run(withinTrace(this.job), this.signal);
      this.hasCompleted = hasCompleted;
      if (outcome.kind === 'completed') return outcome.result;
      throw new JudgedElsewhere(outcome, isDecision);
    } catch (error) {
      if (!(error instanceof ProcessLostError)) throw error;
      const { message, evidence } = error;
      throw new JudgedElsewhere({ kind: 'interrupted', error: { name: 'Interrupted', message }, evidence });
    }
  }

  private killWhenIgnored(process: IsolatedProcess): () => void {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => (timer = setTimeout(() => void process.kill(), KILL_AFTER_MS));
    this.signal.addEventListener('abort', onAbort);
    if (this.signal.aborted) onAbort();
    return () => {
      clearTimeout(timer);
      this.signal.removeEventListener('abort', onAbort);
    };
  }
}
