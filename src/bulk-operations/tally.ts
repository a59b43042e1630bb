import type { Reasons } from './bulk-operation.js';
import type { Tally } from './bulk-operations.store.js';
import type { Fate } from './managed-jobs.js';

/** Somebody else was faster: the job is no longer what the operation is for. */
const OVERTAKEN = ['job_state_conflict', 'job_not_found'];

/** Counts what became of a chunk. @param before the reasons so far, which are added to */
export function tallyOf(fates: readonly Fate[], before: Reasons): Tally {
  const isDone = ({ result }: Fate) => result === 'done' || result === 'requested';
  const others = fates.filter((fate) => !isDone(fate));
  const skipped = others.filter((fate) => OVERTAKEN.includes(codeOf(fate))).length;
  const reasons = others.reduce((sums: Reasons, fate) => {
    const code = codeOf(fate);
    const sum = sums[code] ?? { count: 0, detail: fate.detail ?? '' };
    return { ...sums, [code]: { ...sum, count: sum.count + 1 } };
  }, before);
  return { done: fates.length - others.length, skipped, failed: others.length - skipped, reasons };
}

function codeOf({ result, code }: Fate): string {
  return code ?? (result === 'not_found' ? 'job_not_found' : 'job_state_conflict');
}
