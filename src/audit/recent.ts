import { firstIdAt } from '../common/index.js';
import { check } from './audit.js';
import { type Finding, Findings } from './findings.js';
import { SELECT_LATEST_HISTORIES, SELECT_RECENT, SELECT_SOME_LOCKS } from './recent.sql.js';
import { type Transactions, onSnapshot } from './snapshots.js';

/** Jobs of each sort that one round looks at; where more happens, it is a sample. */
const MOST_JOBS = 2_000;

/** Jobs looked at in one snapshot. */
const PAGE = 500;

/** How far (ms) back a round looks: over several rounds, for one may fail. */
const LOOK_BACK_MS = 180_000;

/** Looks at what has happened lately: in some hundred milliseconds, however large the history is. */
export async function auditRecent(
  source: Transactions,
  { now, deadAfterSeconds }: { readonly now: number; readonly deadAfterSeconds: number },
): Promise<readonly Finding[]> {
  const findings = new Findings();
  const since = new Date(now - LOOK_BACK_MS);
  const ids = await onSnapshot(source, async (session) => {
    const { rows } = await session.query<{ id: string }>(SELECT_RECENT, [firstIdAt(since), since, MOST_JOBS]);
    return rows.map(({ id }) => id);
  });
  for (let start = 0; start < ids.length; start += PAGE) {
    await onSnapshot(source, (session) => check(session, findings, 'jobs', [ids.slice(start, start + PAGE)]));
  }
  await onSnapshot(source, async (session) => {
    const { rows: histories } = await session.query<{ id: string }>(SELECT_LATEST_HISTORIES, [MOST_JOBS]);
    await check(session, findings, 'histories', [histories.map(({ id }) => id)]);
    const { rows: locks } = await session.query<{ lockHash: string }>(SELECT_SOME_LOCKS, [MOST_JOBS]);
    await check(session, findings, 'locks', [locks.map(({ lockHash }) => lockHash)]);
    await check(session, findings, 'removals', []);
    await check(session, findings, 'workers', [deadAfterSeconds]);
  });
  return findings.all();
}
