import { tracer, withLogFields } from '../common/index.js';
import { type ClaimedJob, type Outcome, isFault } from '../queue/index.js';

/** Runs an attempt as a span of its job's trace; its log lines name it. */
export function asAttempt(
  job: ClaimedJob,
  run: () => Promise<Outcome | undefined>,
): Promise<Outcome | undefined> {
  return withLogFields(fieldsOf(job), () => asSpan(job, run));
}

/** Runs a handler in a process of its own as a part of the attempt that the worker has begun. */
export function asPartOfAttempt<T>(job: ClaimedJob, run: () => T): T {
  const resumed = () =>
    job.traceParent === null ? run() : (tracer()?.resume(job.traceParent, run) ?? run());
  return withLogFields(fieldsOf(job), resumed);
}

/** The job as a process of its own gets it: in the trace of the attempt. */
export function withinTrace(job: ClaimedJob): ClaimedJob {
  const current = tracer()?.current();
  return current === undefined ? job : { ...job, traceParent: current };
}

function fieldsOf({ id, type, attempts }: ClaimedJob) {
  return { job_id: id, job_type: type, attempt: attempts };
}

async function asSpan(
  job: ClaimedJob,
  run: () => Promise<Outcome | undefined>,
): Promise<Outcome | undefined> {
  const span = tracer()?.start(`run ${job.type}`, {
    kind: 'consumer',
    parent: job.traceParent,
    attributes: {
      'messaging.system': 'roundhouse',
      'messaging.operation.type': 'process',
      'messaging.destination.name': job.queue,
      'messaging.message.id': job.id,
      'roundhouse.job.type': job.type,
      'roundhouse.job.attempt': job.attempts,
    },
  });
  if (!span) return run();
  const outcome = await span.run(run);
  // Whoever ends his job himself has completed it.
  const kind = outcome?.kind ?? 'completed';
  span.set({ 'roundhouse.outcome': kind });
  span.end(isFault(kind) ? { error: errorOf(outcome) } : {});
  return outcome;
}

function errorOf(outcome: Outcome | undefined): string {
  const error = outcome && 'error' in outcome ? outcome.error : undefined;
  return error?.name ?? outcome?.kind ?? 'failed';
}
