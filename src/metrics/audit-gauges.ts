import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { type Standing, StandingAudit } from '../audit/index.js';

const ONE_SPEAKS = 'Only the worker that audits for all of them says it.';

/** What the last look at recent jobs found. */
export const auditGauges = [
  makeGaugeProvider({
    name: 'jobs_ledger_gap_total',
    help: `Jobs whose attempts do not stand in the ledger as they happened; anything but 0 is a fault. ${ONE_SPEAKS}`,
    inject: [StandingAudit],
    collect(this: Gauge, audit: StandingAudit) {
      show(this, audit, ({ findings }) =>
        findings.filter(({ invariant }) => invariant.isLedger).reduce((sum, { count }) => sum + count, 0),
      );
    },
  }),
  makeGaugeProvider({
    name: 'jobs_audit_violations',
    help: `Jobs, places in line, locks and keys that break an invariant, as "roundhouse audit" explains them. ${ONE_SPEAKS}`,
    labelNames: ['invariant'],
    inject: [StandingAudit],
    collect(this: Gauge, audit: StandingAudit) {
      this.reset();
      for (const { invariant, count } of audit.standing?.findings ?? []) {
        this.set({ invariant: invariant.name }, count);
      }
    },
  }),
  makeGaugeProvider({
    name: 'jobs_audited_timestamp_seconds',
    help: `When recent jobs were last audited. ${ONE_SPEAKS}`,
    inject: [StandingAudit],
    collect(this: Gauge, audit: StandingAudit) {
      show(this, audit, ({ at }) => at.getTime() / 1000);
    },
  }),
];

/** Without an audit the gauge is left out: its last value would look like news. */
function show(gauge: Gauge, { standing }: StandingAudit, valueOf: (standing: Standing) => number): void {
  if (standing) gauge.set(valueOf(standing));
  else gauge.remove();
}
