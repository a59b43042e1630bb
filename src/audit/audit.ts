import { firstIdAt } from '../common/index.js';
import type { Session } from '../database/index.js';
import { type Finding, Findings, type Violation } from './findings.js';
import { INVARIANTS, type Subject } from './invariants.js';
import {
  PAGE_OF_DEPENDENCIES,
  PAGE_OF_HISTORIES,
  PAGE_OF_JOBS,
  PAGE_OF_KEYS,
  PAGE_OF_LOCKS,
  PAGE_OF_TICKETS,
  PAGE_OF_WORKFLOWS,
} from './pages.sql.js';
import { type Transactions, onSnapshot } from './snapshots.js';

/** Rows looked at in one snapshot: few enough for statements of some ten milliseconds. */
const PAGE = 1_000;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** How all of a table is gone through. */
interface Walk {
  readonly subject: Subject;
  readonly page: string;
  /** What stands before the first row. */
  readonly from: readonly string[];
}

/** What an audit is to look at. */
export interface AuditScope {
  /** Jobs created before are left out, and with them keys and dependencies, which do not say when they were made. */
  readonly since?: Date;
  /** Seconds without a sign of life after which others take a worker's jobs. */
  readonly deadAfterSeconds: number;
}

/** What an audit has seen. */
export interface AuditResult {
  readonly jobs: number;
  readonly findings: readonly Finding[];
}

/**
 * Goes through the whole database, page by page in the order of the keys, each page on a snapshot of its own: it holds
 * nobody up, and no transaction stays open for long.
 */
export async function auditAll(source: Transactions, scope: AuditScope): Promise<AuditResult> {
  const findings = new Findings();
  let jobs = 0;
  for (const walk of walksOf(scope)) {
    const rows = await follow(source, findings, walk);
    if (walk.subject === 'jobs') jobs = rows;
  }
  await onSnapshot(source, async (session) => {
    await check(session, findings, 'removals', []);
    await check(session, findings, 'workers', [scope.deadAfterSeconds]);
  });
  return { jobs, findings: findings.all() };
}

/** Asks every invariant of a subject about these keys. */
export async function check(
  session: Session,
  findings: Findings,
  subject: Subject,
  values: readonly unknown[],
): Promise<void> {
  for (const invariant of INVARIANTS.filter((candidate) => candidate.subject === subject)) {
    const { rows } = await session.query<Violation>(invariant.statement, [...values]);
    findings.add(invariant, rows);
  }
}

function walksOf({ since }: AuditScope): Walk[] {
  const first = since ? firstIdAt(since) : BEFORE_ALL;
  const walks: Walk[] = [
    { subject: 'jobs', page: PAGE_OF_JOBS, from: [first] },
    { subject: 'histories', page: PAGE_OF_HISTORIES, from: [first] },
    { subject: 'tickets', page: PAGE_OF_TICKETS, from: ['', BEFORE_ALL] },
    { subject: 'locks', page: PAGE_OF_LOCKS, from: [String(-(2n ** 63n))] },
    { subject: 'keys', page: PAGE_OF_KEYS, from: ['', '', ''] },
    { subject: 'dependencies', page: PAGE_OF_DEPENDENCIES, from: [BEFORE_ALL, BEFORE_ALL] },
    { subject: 'workflows', page: PAGE_OF_WORKFLOWS, from: [first] },
  ];
  return since ? walks.filter(({ subject }) => subject !== 'keys' && subject !== 'dependencies') : walks;
}

/** Answers how many rows there were. */
async function follow(
  source: Transactions,
  findings: Findings,
  { subject, page, from }: Walk,
): Promise<number> {
  let count = 0;
  let after: readonly string[] | undefined = from;
  while (after) {
    const rows: string[][] = await checkPage(source, findings, subject, page, after);
    count += rows.length;
    after = rows.length === PAGE ? rows.at(-1) : undefined;
  }
  return count;
}

/** The keys and what is asked about them come from one snapshot: what moves in between is another page's business. */
function checkPage(
  source: Transactions,
  findings: Findings,
  subject: Subject,
  page: string,
  after: readonly string[],
): Promise<string[][]> {
  return onSnapshot(source, async (session) => {
    const { rows } = await session.query<Record<string, string>>(page, [...after, PAGE]);
    const keys = rows.map((row) => Object.values(row));
    const columns = after.map((_, column) => keys.map((key) => key[column]));
    if (keys.length > 0) await check(session, findings, subject, columns);
    return keys;
  });
}
