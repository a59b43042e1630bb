import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { JobRunner } from '../worker/index.js';

export const stuckHandlersGauge = makeGaugeProvider({
  name: 'worker_stuck_handlers',
  help: 'Handlers that ignored their abort signal and still run. With half of its slots stuck a worker ends and is replaced.',
  inject: [JobRunner],
  collect(this: Gauge, runner: JobRunner) {
    this.set(runner.stuckHandlers);
  },
});
