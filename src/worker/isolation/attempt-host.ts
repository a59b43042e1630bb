import { Injectable } from '@nestjs/common';
import { DatabaseClock, messageOf } from '../../common/index.js';
import { type ClaimedJob, JobEvents, JobTypes, storableResult } from '../../queue/index.js';
import { asPartOfAttempt } from '../attempt-trace.js';
import { isDecision, outcomeOfError } from '../error-verdict.js';
import { HandlerCalls } from '../handler-calls.js';
import { AttemptAborted } from '../job-control.errors.js';
import type { EndedAttempt, ToProcess, ToWorker } from './messages.js';

type Judged = Pick<EndedAttempt, 'outcome' | 'isDecision'>;

/** The other end of an isolated process: runs the attempts that its worker sends, one at a time. */
@Injectable()
export class AttemptHost {
  private current = new AbortController();
  private running = 0;

  constructor(
    private readonly calls: HandlerCalls,
    private readonly types: JobTypes,
    private readonly clock: DatabaseClock,
    private readonly events: JobEvents,
  ) {}

  /** Whether no handler runs. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  /** Serves the worker that started this process until one of them ends. */
  serve(): void {
    // Counted by the worker, which is asked for its metrics; payloads are nobody's business there.
    this.events.on('enqueued', (jobs) => {
      tell({ event: 'enqueued', args: [jobs.map((job) => Object.assign({}, job, { payload: {} }))] });
    });
    this.events.on('settled', (...args) => tell({ event: 'settled', args }));
    process.on('uncaughtExceptionMonitor', (error) =>
      tell({ lastWords: `${error.name}: ${messageOf(error)}` }),
    );
    process.on('message', (message) => this.onMessage(message as ToProcess));
    tell({ ready: true });
  }

  private onMessage(message: ToProcess): void {
    if ('run' in message) void this.run(message.run);
    else this.current.abort(new AttemptAborted(message.abort.reason, message.abort.message));
  }

  private async run(job: ClaimedJob): Promise<void> {
    this.current = new AbortController();
    const call = this.calls.make(job, this.current);
    this.running += 1;
    const judged = await asPartOfAttempt(job, async () => {
      const ending = await call.run().then(judgeResult, (error: unknown) => this.judgeError(job, error));
      await call.close();
      return ending;
    });
    this.running -= 1;
    tell({ ended: { ...judged, hasCompleted: call.hasCompleted } });
  }

  private judgeError({ type }: ClaimedJob, error: unknown): Judged {
    const outcome = outcomeOfError(error, this.types.get(type), this.clock.now());
    return { outcome, isDecision: isDecision(error) };
  }
}

/** In a form that can be sent; it is what would be stored. */
function judgeResult(result: unknown): Judged {
  const text = storableResult(result) ?? 'null';
  return { outcome: { kind: 'completed', result: JSON.parse(text) as unknown }, isDecision: false };
}

function tell(message: ToWorker): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
