import { DomainError } from '../../src/common/index.js';
import type { Managed, NewJob, Outcome, QueueService } from '../../src/queue/index.js';
import type { OutcomeWord, Submission } from './commands.js';

export const HOUR_MS = 3_600_000;
const error = { name: 'Error', message: 'no' };

/** What stands behind the words for outcomes. */
export const OUTCOMES: Record<OutcomeWord, Outcome> = {
  completed: { kind: 'completed', result: null },
  failed: { kind: 'failed', error },
  'failed for good': { kind: 'failed', error, permanent: true },
  timed_out: { kind: 'timed_out', error },
  interrupted: { kind: 'interrupted', error },
  'interrupted alone': { kind: 'interrupted', error, evidence: 'alone' },
  released: { kind: 'released' },
  snoozed: { kind: 'snoozed', delayMs: HOUR_MS },
  'snoozed now': { kind: 'snoozed', delayMs: 0 },
  cancelled: { kind: 'cancelled' },
};

/** What the names of a sequence are in its world. */
interface Names {
  queueOf(queue: string): string;
  nameOf(word: string): string;
}

/** A submission as the queue takes it. */
export function newJobOf(job: Submission, ids: readonly string[], { queueOf, nameOf }: Names): NewJob {
  return {
    type: 'task',
    payload: {},
    id: ids[job.number]!,
    queue: queueOf(job.queue),
    priority: job.priority,
    maxAttempts: job.max,
    backoff: { strategy: 'constant', delay: job.slow ? 7_200 : 0, jitter: 0 },
    dependsOn: job.parents.map((number) => ({
      jobId: ids[number]!,
      onFailure: job.tolerates.includes(number) ? ('continue' as const) : ('cancel' as const),
    })),
    ...(job.later ? { delayMs: HOUR_MS } : {}),
    ...(job.lock === null ? {} : { lock: nameOf(job.lock) }),
    ...(job.unique === null ? {} : { unique: { ...job.unique, key: nameOf(`u${job.unique.key}`) } }),
    ...(job.idempotency === null
      ? {}
      : { idempotency: { ...job.idempotency, key: nameOf(`i${job.idempotency.key}`) } }),
  };
}

/** Submits a job. @returns what the queue answered, in the model's words */
export async function submitTo(
  queue: Pick<QueueService, 'enqueue'>,
  job: NewJob,
  numbers: ReadonlyMap<string, number>,
): Promise<string> {
  try {
    const [answer] = await queue.enqueue([job]);
    const { job: stored, created, replayed } = answer!;
    const word = created ? 'created' : replayed ? 'replayed' : 'existing';
    return `${word} ${numbers.get(stored.id)}`;
  } catch (refusal) {
    if (!(refusal instanceof DomainError) || refusal.code === 'database_unavailable') throw refusal;
    return `refused: ${refusal.code}`;
  }
}

/** What came of wishes, in the model's words. */
export function answersOf(managed: readonly Managed[], numbers: ReadonlyMap<string, number>): string[] {
  return managed.map(({ id, result, code }) => {
    const why = code === undefined || code === 'job_state_conflict' ? '' : `: ${code}`;
    return `${numbers.get(id)} ${result}${why}`;
  });
}
