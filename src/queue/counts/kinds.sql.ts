/** What bounds a walk along ids; each an SQL expression of one id. */
export interface IdBounds {
  /** The first id to be passed. */
  readonly from?: string;
  /** The id after which to begin. */
  readonly after?: string;
  /** The id before which to end, or to begin. */
  readonly before?: string;
}

export interface KindWalk extends IdBounds {
  /** Conditions of kinds k (queue, type, status). */
  readonly kinds: readonly string[];
  /** Conditions of jobs j. */
  readonly jobs?: readonly string[];
  readonly order: 'ASC' | 'DESC';
  /** How many jobs of each kind, an SQL expression. */
  readonly limit: string;
}

/**
 * The kinds of jobs that there are or were: queue, type and status, of those that do not run right now. Exact in the
 * snapshot of the statement, because jobs that become a kind say so in the same transaction.
 */
export function kindsOf(conditions: readonly string[]): string {
  const where = ["k.status <> 'PROCESSING'", ...conditions].join(' AND ');
  return `SELECT k.queue, k.type, k.status FROM job_counts k WHERE ${where}
    UNION SELECT k.queue, k.type, k.status FROM job_count_changes k WHERE k.jobs > 0 AND ${where}`;
}

/** As the index of kinds has it. A status that is named elsewhere does not imply it: whoever looks for ids is to use their own index. */
const DOES_NOT_RUN = `(j.status = 'PROCESSING') IS NOT TRUE`;

/** Joins the jobs j of kinds k by their index. */
export const JOBS_OF_KIND = `j.queue = k.queue AND j.type = k.type AND j.status = k.status AND ${DOES_NOT_RUN}`;

/**
 * The ids of the next jobs of each of these kinds, in the order of the ids within a kind. One index has them all; its
 * columns stand in the order and in ranges, because with = the planner may walk along the ids of all jobs, past
 * millions of others.
 */
export function walkKinds({ kinds, jobs = [], order, limit, ...ids }: KindWalk): string {
  const columns = 'j.queue, j.type, j.status';
  const conditions = [...kindRanges(ids), DOES_NOT_RUN, ...jobs];
  return `
    SELECT walked.id
    FROM (${kindsOf(kinds)}) AS k
    CROSS JOIN LATERAL (
      SELECT j.id FROM jobs j
      WHERE ${conditions.join(' AND ')}
      ORDER BY ${[...columns.split(', '), 'j.id'].map((column) => `${column} ${order}`).join(', ')}
      LIMIT ${limit}) AS walked`;
}

/** The same of jobs that run right now, of which there are few: all of them are looked at. */
export function walkRunning({ kinds, jobs = [], limit, order, from, after, before }: KindWalk): string {
  const conditions = [
    ...(from ? [`j.id >= ${from}`] : []),
    ...(after ? [`j.id > ${after}`] : []),
    ...(before ? [`j.id < ${before}`] : []),
    ...jobs,
  ];
  return `
    SELECT j.id
    FROM (SELECT k.* FROM jobs k WHERE ${["k.status = 'PROCESSING'", ...kinds].join(' AND ')} OFFSET 0) AS j
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
    ORDER BY j.id ${order}
    LIMIT ${limit}`;
}

/** A row is compared column by column, so that the id bounds the walk as well. */
function kindRanges({ from, after, before }: IdBounds): string[] {
  const bound = (comparison: string, id: string) =>
    `(j.queue, j.type, j.status, j.id) ${comparison} (k.queue, k.type, k.status, ${id})`;
  const lower = [...(from ? [bound('>=', from)] : []), ...(after ? [bound('>', after)] : [])];
  const upper = before ? [bound('<', before)] : [];
  const ends = (comparison: string) =>
    `(j.queue, j.type, j.status) ${comparison} (k.queue, k.type, k.status)`;
  return [...(lower.length > 0 ? lower : [ends('>=')]), ...(upper.length > 0 ? upper : [ends('<=')])];
}
