import { askedGauge, only } from './gauge.js';
import { labelled } from './labelled-queues.js';
import { type QueueSnapshot, QueueSnapshotQuery, type QueueState } from './queue-snapshot.query.js';
import { SAME_EVERYWHERE } from './same-everywhere.js';

/** The state of the queues as the database knows it. */
export const queueGauges = [
  totalGauge('jobs_pending_count', 'Jobs that wait, also for a later time.', ({ pending }) => pending),
  totalGauge('jobs_processing_count', 'Jobs that run.', ({ processing }) => processing),
  totalGauge('jobs_blocked', 'Jobs that wait for a lock or for other jobs.', ({ blocked }) => blocked),
  gaugePerQueue('queue_depth', 'Jobs that may start now.', (states) => sumOf(states, ({ ready }) => ready)),
  gaugePerQueue(
    'queue_oldest_waiting_seconds',
    'How long the oldest of the jobs that may start now has waited.',
    (states) => Math.max(...states.map(({ oldestAge }) => oldestAge)),
  ),
  gaugePerQueue('queue_dead_letters', 'Jobs that have failed for good and are kept.', (states) =>
    sumOf(states, ({ deadLetters }) => deadLetters),
  ),
  gaugePerQueue('queue_paused', '1 while nothing is claimed from the queue, 0 otherwise.', (states) =>
    states.some(({ isPaused }) => isPaused) ? 1 : 0,
  ),
  gaugePerQueue(
    'queue_limit_keys_held_back',
    'Keys that have more jobs in line than their limit lets start.',
    (states) => sumOf(states, ({ keysHeldBack }) => keysHeldBack),
  ),
];

function totalGauge(name: string, help: string, valueOf: (snapshot: QueueSnapshot) => number) {
  return askedGauge({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    from: QueueSnapshotQuery,
    look: (query) => query.read(),
    samples: (snapshot) => only(valueOf(snapshot)),
  });
}

function gaugePerQueue(name: string, help: string, valueOf: (states: readonly QueueState[]) => number) {
  return askedGauge({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    labelNames: ['queue'],
    from: QueueSnapshotQuery,
    look: (query) => query.read(),
    samples: ({ queues }) =>
      [...labelled(queues)].map(([queue, states]) => ({ labels: { queue }, value: valueOf(states) })),
  });
}

function sumOf(states: readonly QueueState[], valueOf: (state: QueueState) => number): number {
  return states.reduce((sum, state) => sum + valueOf(state), 0);
}
