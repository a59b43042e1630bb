import { Injectable } from '@nestjs/common';
import { type ClaimedJob, JobTypes, isSuspect } from '../queue/index.js';
import type { Abortable } from './attempt-context.js';
import type { Execution } from './handler-call.js';
import { HandlerCalls } from './handler-calls.js';
import { IsolatedExecution } from './isolation/isolated-execution.js';
import { IsolatedProcesses } from './isolation/isolated-processes.js';

/** Decides where a handler runs: here, or in a process of its own when its type or the job's past asks for it. */
@Injectable()
export class Executions {
  constructor(
    private readonly types: JobTypes,
    private readonly calls: HandlerCalls,
    private readonly processes: IsolatedProcesses,
  ) {}

  make(job: ClaimedJob, attempt: Abortable): Execution {
    const { isolate } = this.types.get(job.type);
    if (!isolate && !isSuspect(job)) return this.calls.make(job, attempt);
    // What another job has left behind in a process must not be laid at the door of one that was lost before.
    const wanted = { memoryMb: isolate?.memoryMb ?? null, isFresh: job.interruptionsAlone > 0 };
    return new IsolatedExecution(job, attempt.signal, this.processes, wanted);
  }
}
