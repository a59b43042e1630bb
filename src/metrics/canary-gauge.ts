import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Canaries } from '../worker/index.js';

export const canaryGauge = makeGaugeProvider({
  name: 'worker_canary_age_seconds',
  help: 'Time since a canary of this worker came through: a job that is stored, claimed and settled, and then taken back. It grows while the worker is busy, because none is sent.',
  inject: [Canaries],
  collect(this: Gauge, canaries: Canaries) {
    if (canaries.age === undefined) this.remove();
    else this.set(canaries.age);
  },
});
