import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { JobTypes } from '../queue/index.js';
import { CircuitsQuery } from '../worker/index.js';

/** Whether the circuits of job types hold jobs back; left out while the database does not say. */
export const circuitGauge = makeGaugeProvider({
  name: 'circuit_open',
  help: '1 while the jobs of a type are held back because they kept failing, also while one is tried; 0 otherwise. Every API process reports the same: take the maximum, not the sum.',
  labelNames: ['job_type'],
  inject: [JobTypes, CircuitsQuery],
  async collect(this: Gauge, types: JobTypes, query: CircuitsQuery) {
    const guarded = types.guarded();
    const circuits = await query.of(guarded).catch(() => undefined);
    this.reset();
    if (!circuits) return;
    for (const type of guarded) this.set({ job_type: type }, isOpen(circuits.get(type)?.state) ? 1 : 0);
  },
});

function isOpen(state = 'closed'): boolean {
  return state !== 'closed';
}
