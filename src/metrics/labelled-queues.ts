/** Anybody who may submit may name a queue, so only the first get a label of their own … */
const LABELLED_QUEUES = 100;

/** … and the others share one that no queue can have. */
const OTHER_QUEUES = '_other';

/** What is known of queues, by the label that they have; the most important queues come first. */
export function labelled<T extends { readonly queue: string }>(queues: readonly T[]): Map<string, T[]> {
  const named = new Set(queues.slice(0, LABELLED_QUEUES).map(({ queue }) => queue));
  return Map.groupBy(queues, ({ queue }) => (named.has(queue) ? queue : OTHER_QUEUES));
}
