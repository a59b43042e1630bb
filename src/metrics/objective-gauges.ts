import { type ObjectiveStatus, type WindowName, WINDOWS, budgetLeft } from '../queues/index.js';
import { askedGauge } from './gauge.js';
import { ObjectiveLooks } from './objective-looks.js';
import { SAME_EVERYWHERE } from './same-everywhere.js';

/** The windows as Prometheus writes spans of time. */
const LABELS: Readonly<Record<WindowName, string>> = {
  last_5_minutes: '5m',
  last_30_minutes: '30m',
  last_hour: '1h',
  last_6_hours: '6h',
  last_3_days: '3d',
};

const worst = (values: readonly number[]) => Math.max(...values);
const least = (values: readonly number[]) => Math.min(...values);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** How the queues keep their objectives, as the database knows it. */
export const objectiveGauges = [
  perQueue(
    'queue_objective_target',
    'The fraction of jobs that are to start in time.',
    least,
    (status) => status.objective.target,
  ),
  perQueue(
    'queue_objective_late_now',
    'Jobs that wait for their first start and are late already.',
    total,
    (status) => status.lateNow,
  ),
  perQueue(
    'queue_objective_budget_left',
    'What is left of the jobs that may be late in three days: 1 = all, 0 = none, below 0 = more were.',
    least,
    (status) => budgetLeft(status.windows.last_3_days),
  ),
  perWindow(
    'queue_objective_burn_rate',
    'The fraction of jobs that start late over the fraction that may; above 1 the objective is missed.',
    worst,
    (status, window) => status.windows[window].burnRate,
  ),
  perWindow(
    'queue_objective_late_jobs',
    'Jobs that started late within the window, or wait and are late already.',
    total,
    (status, window) => status.windows[window].late,
  ),
];

type Combine = (values: readonly number[]) => number;

function perQueue(
  name: string,
  help: string,
  combine: Combine,
  valueOf: (status: ObjectiveStatus) => number,
) {
  return askedGauge({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    labelNames: ['queue'],
    from: ObjectiveLooks,
    look: (looks) => looks.read(),
    samples: (queues) =>
      [...queues].map(([queue, statuses]) => ({ labels: { queue }, value: combine(statuses.map(valueOf)) })),
  });
}

function perWindow(
  name: string,
  help: string,
  combine: Combine,
  valueOf: (status: ObjectiveStatus, window: WindowName) => number,
) {
  return askedGauge({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    labelNames: ['queue', 'window'],
    from: ObjectiveLooks,
    look: (looks) => looks.read(),
    samples: (queues) =>
      [...queues].flatMap(([queue, statuses]) =>
        (Object.keys(WINDOWS) as WindowName[]).map((window) => ({
          labels: { queue, window: LABELS[window] },
          value: combine(statuses.map((status) => valueOf(status, window))),
        })),
      ),
  });
}
