import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { EventStreams, ResultWait } from '../jobs/index.js';
import { LeaseDesk } from '../leases/index.js';

/** Requests that this process keeps open because their callers want to wait. */
export const heldRequestsGauge = makeGaugeProvider({
  name: 'http_requests_held',
  help: 'Requests that wait here by the wish of their callers: for jobs to lease (lease), for the end of a job (wait), for its events (stream).',
  labelNames: ['kind'],
  inject: [LeaseDesk, ResultWait, EventStreams],
  collect(this: Gauge, desk: LeaseDesk, waits: ResultWait, streams: EventStreams) {
    this.set({ kind: 'lease' }, desk.waiting);
    this.set({ kind: 'wait' }, waits.waiting);
    this.set({ kind: 'stream' }, streams.open);
  },
});
