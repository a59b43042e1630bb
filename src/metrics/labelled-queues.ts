import type { QueueState } from './queue-snapshot.query.js';

/** Anybody who may submit may name a queue, so only the fullest get a label of their own … */
const LABELLED_QUEUES = 100;

/** … and the others share one that no queue can have. */
const OTHER_QUEUES = '_other';

/** The queues by the label that they have, the fullest first as they come. */
export function labelled(queues: readonly QueueState[]): Map<string, QueueState[]> {
  const named = new Set(queues.slice(0, LABELLED_QUEUES).map(({ queue }) => queue));
  return Map.groupBy(queues, ({ queue }) => (named.has(queue) ? queue : OTHER_QUEUES));
}
