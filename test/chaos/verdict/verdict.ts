import { checkAccounts, unknownFates } from './accounts.js';
import { checkEffects } from './effects.js';
import type { Facts } from './facts.js';
import { type Finding } from './finding.js';
import { checkLedger } from './ledger.js';
import { checkOrder } from './order.js';
import { checkOverlaps } from './overlaps.js';
import { type Recovery, recoveryOfFrozen, recoveryOfKilled } from './recovery.js';
import { runsOf } from './runs.js';
import { checkWorkflows } from './workflows.js';

/** What a run has shown. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly accepted: number;
  readonly unknown: { readonly requests: number; readonly stored: number };
  readonly jobs: number;
  readonly workflows: number;
  readonly attempts: number;
  /** Attempts that began before a worker was killed and had not ended. */
  readonly struckByKills: number;
  readonly afterKills: Recovery;
  readonly afterFreezes: Recovery;
}

/** Judges a run by what clients were promised, what handlers did, and what the database says. */
export function judge(facts: Facts): Verdict {
  const runs = runsOf(facts);
  return {
    findings: [
      ...checkAccounts(facts),
      ...checkLedger(facts),
      ...checkEffects(facts),
      ...checkOrder(facts),
      ...checkOverlaps(runs, facts),
      ...checkWorkflows(facts),
    ],
    accepted: facts.asked.filter(({ fate }) => fate === 'accepted').length,
    unknown: unknownFates(facts),
    jobs: facts.jobs.length,
    workflows: facts.workflows.length,
    attempts: facts.jobs.reduce((sum, { attempts }) => sum + attempts, 0),
    struckByKills: runs.filter(({ how, life }) => how === undefined && life?.how === 'killed').length,
    afterKills: recoveryOfKilled(runs, facts),
    afterFreezes: recoveryOfFrozen(runs, facts),
  };
}
