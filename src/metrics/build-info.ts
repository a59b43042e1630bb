import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { version } from '../common/version.js';

export const buildInfo = makeGaugeProvider({
  name: 'roundhouse_build_info',
  help: 'Always 1; the label says which version this process is.',
  labelNames: ['version'],
  collect(this: Gauge) {
    this.set({ version }, 1);
  },
});
