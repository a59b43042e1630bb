import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { LiveWorkersQuery, type WorkerAbilities } from '../worker/index.js';

const SAME_EVERYWHERE = 'Every API process reports the same: take the maximum, not the sum.';

/** Whether workers that live take jobs. */
export const abilityGauges = [
  gauge('workers_taking_jobs', 'Workers that take jobs, or would if there were any.', 'takingJobs'),
  gauge(
    'workers_taking_nothing',
    'Workers that live and have free slots, and have not been able to take jobs for CANARY_TIMEOUT.',
    'takingNothing',
  ),
];

/** While the database is away the gauge is left out: its last value would look like news. */
function gauge(name: string, help: string, figure: keyof WorkerAbilities) {
  return makeGaugeProvider({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    inject: [LiveWorkersQuery],
    async collect(this: Gauge, workers: LiveWorkersQuery) {
      const abilities = await workers.abilities().catch(() => undefined);
      if (abilities) this.set(abilities[figure]);
      else this.remove();
    },
  });
}
