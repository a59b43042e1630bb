import { LiveWorkersQuery } from '../worker/index.js';
import { type Samples, askedGauge, only } from './gauge.js';
import { SAME_EVERYWHERE } from './same-everywhere.js';
import { type Surroundings, SurroundingsQuery } from './surroundings.query.js';

/** Schedules, webhooks, workflows and workers as the database knows them. */
export const surroundingsGauges = [
  askedGauge({
    name: 'workers_alive',
    help: `Workers that have shown a sign of life within STALLED_WORKER_TIMEOUT; external ones are not counted. ${SAME_EVERYWHERE}`,
    from: LiveWorkersQuery,
    look: (workers) => workers.count(),
    samples: only,
  }),
  surroundingsGauge('workflows_running', 'Workflows that have not ended.', [], (seen) =>
    only(seen.workflowsRunning),
  ),
  surroundingsGauge(
    'schedules_overdue_seconds',
    'How late the latest of the schedules is that are due; 0 when none is.',
    [],
    (seen) => only(seen.overdueSeconds),
  ),
  surroundingsGauge(
    'schedules',
    'Schedules by state: active, failing (its last occurrence could not be started), paused.',
    ['state'],
    (seen) =>
      byState({
        active: seen.schedulesSound,
        failing: seen.schedulesFailing,
        paused: seen.schedulesPaused,
      }),
  ),
  surroundingsGauge(
    'webhook_endpoints',
    'Endpoints of webhooks by state: active, failing (its last try has failed), disabled.',
    ['state'],
    (seen) =>
      byState({
        active: seen.webhooksSound,
        failing: seen.webhooksFailing,
        disabled: seen.webhooksDisabled,
      }),
  ),
];

function surroundingsGauge(
  name: string,
  help: string,
  labelNames: readonly string[],
  samples: (seen: Surroundings) => Samples,
) {
  const look = (query: SurroundingsQuery) => query.read();
  return askedGauge({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    labelNames,
    from: SurroundingsQuery,
    look,
    samples,
  });
}

function byState(states: Readonly<Record<string, number>>): Samples {
  return Object.entries(states).map(([state, value]) => ({ labels: { state }, value }));
}
