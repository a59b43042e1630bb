import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { ClaimLoop } from '../worker/index.js';

/** How much this worker has to do. */
export const slotGauges = [
  makeGaugeProvider({
    name: 'worker_slots',
    help: 'Jobs that this worker may run at a time; 0 before it takes jobs.',
    inject: [ClaimLoop],
    collect(this: Gauge, claims: ClaimLoop) {
      this.set(claims.slots);
    },
  }),
  makeGaugeProvider({
    name: 'worker_slots_busy',
    help: 'Jobs that this worker runs right now.',
    inject: [ClaimLoop],
    collect(this: Gauge, claims: ClaimLoop) {
      this.set(claims.busy);
    },
  }),
];
