import type pg from 'pg';
import type { JobStatus } from '../../src/queue/index.js';
import type { View } from './model-job.js';

/** A job as the database has it. */
interface ObservedJob {
  readonly number: number;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly limit: number | null;
  readonly open: number;
  readonly queue: string;
  readonly priority: number;
  readonly due: boolean;
  readonly cancelRequested: boolean;
  readonly worker: string | null;
  readonly ledger: string[];
  readonly lock: string | null;
  readonly parents: number[];
  /** Those of them after whose failure it goes on. */
  readonly tolerates: number[];
  /** Its rank among the creations. */
  readonly born: number;
  /** The rank of its ticket by age, if it has one; of more than one the first. */
  readonly ready: number | undefined;
}

interface Ticket {
  readonly number: number;
  readonly queue: string;
}

/** All that one look at the database shows of a sequence's jobs. */
export interface Observation {
  readonly jobs: readonly ObservedJob[];
  readonly tickets: readonly Ticket[];
  /** The number of each lock's holder; undefined = a job of no sequence. */
  readonly locks: Readonly<Record<string, number>>;
}

/** Whose jobs are looked at, and what their names stand for. */
interface Names {
  readonly ids: readonly string[];
  readonly queues: readonly (readonly [string, string])[];
  readonly locks: readonly (readonly [string, string])[];
  readonly workers: ReadonlyMap<string, string>;
}

const LOOK = `
  SELECT
    (SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (
       SELECT j.id, j.status, j.attempts, j.max_attempts AS "limit", j.open_dependencies AS open, j.queue, j.priority,
              j.scheduled_at <= clock_timestamp() AS due, j.cancel_requested_at IS NOT NULL AS "cancelRequested",
              j.worker_id AS worker, j.lock, j.depends_on AS parents,
              (SELECT coalesce(json_agg(d.parent_id), '[]') FROM job_dependencies d
               WHERE d.parent_id = ANY(j.depends_on) AND d.child_id = j.id AND d.on_failure = 'continue') AS tolerates,
              rank() OVER (ORDER BY j.created_at, j.id) AS born,
              (SELECT coalesce(json_agg(e.event || ' ' || e.attempt ORDER BY e.id), '[]')
               FROM job_events e WHERE e.job_id = j.id) AS ledger
       FROM jobs j WHERE j.id = ANY($1)) r) AS jobs,
    (SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (
       SELECT t.id, t.name AS queue, dense_rank() OVER (ORDER BY t.created_on) AS ready
       FROM pgboss.job t WHERE t.name = ANY($2)) r) AS tickets,
    (SELECT coalesce(json_object_agg(n, l.holder), '{}') FROM unnest($3::text[]) n
     JOIN job_locks l ON l.lock_hash = hashtextextended(n, 0)) AS locks`;

/** Looks at everything in one snapshot. */
export async function observe(pool: pg.Pool, { ids, queues, locks, workers }: Names): Promise<Observation> {
  const { rows } = await pool.query(LOOK, [
    ids,
    queues.map(([, name]) => name),
    locks.map(([, name]) => name),
  ]);
  const found = rows[0]!;
  const numberOf = (id: string) => ids.indexOf(id);
  const queueOf = (name: string) => queues.find(([, real]) => real === name)?.[0] ?? name;
  const lockOf = (name: string) => locks.find(([, real]) => real === name)?.[0] ?? name;
  const workerOf = (id: string) => [...workers].find(([, real]) => real === id)?.[0] ?? id;
  const ready = new Map<string, number>(found.tickets.map((ticket: any) => [ticket.id, ticket.ready]));
  return {
    jobs: found.jobs
      .map(({ id, ...job }: any) => ({
        ...job,
        number: numberOf(id),
        queue: queueOf(job.queue),
        lock: job.lock === null ? null : lockOf(job.lock),
        worker: job.worker === null ? null : workerOf(job.worker),
        parents: job.parents.map(numberOf),
        tolerates: job.tolerates.map(numberOf),
        ready: ready.get(id),
      }))
      .sort((a: ObservedJob, b: ObservedJob) => a.number - b.number),
    tickets: found.tickets.map(({ id, queue }: any) => ({ number: numberOf(id), queue: queueOf(queue) })),
    locks: Object.fromEntries(
      Object.entries<string>(found.locks).map(([name, holder]) => [lockOf(name), numberOf(holder)]),
    ),
  };
}

/** The same as the model shows it. */
export function viewOf({ jobs, tickets, locks }: Observation): View {
  const facts = jobs.map(
    ({ number, due, parents: _, tolerates: _t, born: _b, ready: _r, lock: _l, ...job }) => [
      number,
      job.status === 'PENDING' ? { ...job, due } : job,
    ],
  );
  const line = tickets.map(({ number, queue }) => `${number} ${queue}`);
  return { jobs: Object.fromEntries(facts), locks, line: line.sort() };
}

/** What is wrong with the jobs, whatever was done to them at the same time. */
export function faultsOf({ jobs, tickets, locks }: Observation): string[] {
  const byNumber = new Map(jobs.map((job) => [job.number, job]));
  const faults = jobs.flatMap((job) => {
    const { number, status, due, lock, open, attempts, ledger } = job;
    const own = tickets.filter((ticket) => ticket.number === number);
    const holder = lock === null ? undefined : locks[lock];
    const count = (event: string) => ledger.filter((entry) => entry.startsWith(`${event} `)).length;
    const unfinished = job.parents.filter((parent) => !isFinal(byNumber.get(parent)));
    const expected = status === 'PENDING' && due ? 1 : 0;
    return [
      own.length !== expected && `${own.length} tickets where ${expected} belong`,
      own.some(({ queue }) => queue !== job.queue) && 'a ticket in another queue',
      status === 'PENDING' && due && lock !== null && holder !== number && 'in line without its lock',
      status === 'PROCESSING' && lock !== null && holder !== number && 'runs without its lock',
      status === 'BLOCKED' &&
        open === 0 &&
        (holder === undefined || holder === number) &&
        'blocked by nothing',
      open !== (status === 'BLOCKED' ? unfinished.length : 0) &&
        // Who has gone on after a failure does not wait once more when the one that failed runs again.
        !(open === 0 && unfinished.every((parent) => job.tolerates.includes(parent))) &&
        `${open} open, ${unfinished.length} unfinished`,
      count('started') !== attempts && `${count('started')} starts in ${attempts} attempts`,
      count('completed') !== (status === 'COMPLETED' ? 1 : 0) && `${count('completed')} times completed`,
    ].flatMap((fault) => (fault === false ? [] : [`job ${number} (${status}): ${fault}`]));
  });
  const strays = tickets.filter(({ number }) => !byNumber.has(number)).map(() => 'a ticket without a job');
  const held = Object.entries(locks).filter(([, holder]) => isFinal(byNumber.get(holder)));
  return [...faults, ...strays, ...held.map(([lock]) => `lock ${lock} is held by a job that has ended`)];
}

/** A job that is gone has ended: only those are discarded. */
function isFinal(job: ObservedJob | undefined): boolean {
  return job === undefined || ['COMPLETED', 'FAILED', 'CANCELLED'].includes(job.status);
}
