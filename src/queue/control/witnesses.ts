import { type ActionName, changesBetween, recordAction } from '../../audit-record/index.js';
import type { Job } from '../job.entity.js';
import type { Managed, Witness } from './managed.js';

/** Puts on record, job by job, what somebody did to them. What was refused has not been done. */
export function jobWitness(action: Extract<ActionName, `job.${string}`>): Witness {
  return async (session, managed, before) => {
    const earlier = new Map(before.map((job) => [job.id, job]));
    for (const { id, job, result } of managed) {
      const was = earlier.get(id);
      if (!job || !was || !isDone(result)) continue;
      const changes =
        action === 'job.discard'
          ? { before: { type: job.type, status: job.status } }
          : changesBetween(factsOf(was), factsOf(job), ['payload']);
      await recordAction(session, { action, subject: id, queue: was.queue, ...changes });
    }
  };
}

/** Puts on record what somebody did to many jobs at once, in one line: the ledger has the rest. */
export function workflowWitness(action: 'workflow.cancel' | 'workflow.retry', id: string): Witness {
  return async (session, managed) => {
    const jobs = managed.filter(({ result }) => isDone(result)).length;
    if (jobs > 0) await recordAction(session, { action, subject: id, after: { jobs } });
  };
}

function isDone(result: Managed['result']): boolean {
  return result === 'done' || result === 'requested';
}

function factsOf({ status, queue, priority, scheduledAt, payload, cancelRequestedAt }: Job) {
  return {
    status,
    queue,
    priority,
    scheduled_at: scheduledAt,
    payload,
    cancel_requested: cancelRequestedAt !== null,
  };
}
