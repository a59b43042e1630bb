import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { type QueueSnapshot, QueueSnapshotQuery, type QueueState } from './queue-snapshot.query.js';

/** Anybody who may submit may name a queue, so only the fullest get a label of their own … */
const LABELLED_QUEUES = 100;

/** … and the others share one that no queue can have. */
const OTHER_QUEUES = '_other';

const SAME_EVERYWHERE = 'Every API process reports the same: take the maximum, not the sum.';

/** The state of the queues as the database knows it. */
export const queueGauges = [
  totalGauge('jobs_pending_count', 'Jobs that wait, also for a later time.', ({ pending }) => pending),
  totalGauge('jobs_processing_count', 'Jobs that run.', ({ processing }) => processing),
  gaugePerQueue('queue_depth', 'Jobs that may start now.', (states) =>
    states.reduce((sum, { ready }) => sum + ready, 0),
  ),
  gaugePerQueue(
    'queue_oldest_waiting_seconds',
    'How long the oldest of the jobs that may start now has waited.',
    (states) => Math.max(...states.map(({ oldestAge }) => oldestAge)),
  ),
];

/** While the database is away the gauge is left out: its last value would look like news. */
function totalGauge(name: string, help: string, valueOf: (snapshot: QueueSnapshot) => number) {
  return makeGaugeProvider({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    inject: [QueueSnapshotQuery],
    async collect(this: Gauge, query: QueueSnapshotQuery) {
      const snapshot = await query.read().catch(() => undefined);
      if (snapshot) this.set(valueOf(snapshot));
      else this.remove();
    },
  });
}

function gaugePerQueue(name: string, help: string, valueOf: (states: readonly QueueState[]) => number) {
  return makeGaugeProvider({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    labelNames: ['queue'],
    inject: [QueueSnapshotQuery],
    async collect(this: Gauge, query: QueueSnapshotQuery) {
      const snapshot = await query.read().catch(() => undefined);
      this.reset();
      for (const [queue, states] of labelled(snapshot?.queues ?? [])) this.set({ queue }, valueOf(states));
    },
  });
}

function labelled(queues: readonly QueueState[]): Map<string, QueueState[]> {
  const named = new Set(queues.slice(0, LABELLED_QUEUES).map(({ queue }) => queue));
  return Map.groupBy(queues, ({ queue }) => (named.has(queue) ? queue : OTHER_QUEUES));
}
