import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { type HeldKind, HeldRequests } from '../held-requests/index.js';

const LABELS: Readonly<Record<HeldKind, string>> = {
  'waits for leases': 'lease',
  'waits for results': 'wait',
  'event streams': 'stream',
};

/** Requests that this process keeps open because their callers want to wait. */
export const heldRequestsGauge = makeGaugeProvider({
  name: 'http_requests_held',
  help: 'Requests that wait here by the wish of their callers: for jobs to lease (lease), for the end of a job (wait), for its events (stream).',
  labelNames: ['kind'],
  inject: [HeldRequests],
  collect(this: Gauge, requests: HeldRequests) {
    for (const [kind, label] of Object.entries(LABELS)) {
      this.set({ kind: label }, requests.count(kind as HeldKind));
    }
  },
});
