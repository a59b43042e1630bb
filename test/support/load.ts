import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { eventually } from './eventually.js';
import type { Client } from './http.js';

/** Jobs that a test submits without end, and what it was told of each. */
export interface Load {
  /** Submits no more; resolves when every job was accepted, for whoever is not answered so asks again. */
  stop(): Promise<void>;
  /** The ids that were accepted, each under a key of its own. */
  readonly accepted: Map<string, string>;
  /** How often somebody was told to ask again, and how long (ms) the slowest answer took. */
  refusals: number;
  slowestMs: number;
  /** Answers that are neither an acceptance nor a request to ask again. */
  readonly wrong: string[];
}

/** Submits jobs as several callers do who each wait for the answer and repeat what was not accepted, with the same key. */
export function startLoad(clients: readonly Client[], callers: number, job: object): Load {
  let isOn = true;
  const load: Load = {
    accepted: new Map(),
    refusals: 0,
    slowestMs: 0,
    wrong: [],
    stop: async () => {
      isOn = false;
      await running;
    },
  };
  const submit = async (client: Client, key: string): Promise<void> => {
    for (;;) {
      const since = performance.now();
      const { status, headers, body } = await client.post('/jobs', { ...job, idempotency_key: key });
      load.slowestMs = Math.max(load.slowestMs, performance.now() - since);
      if (status === 201 || status === 200) {
        load.accepted.set(key, body.job_id);
        return;
      }
      load.refusals += 1;
      if (status !== 503 || !headers.get('retry-after')) load.wrong.push(`${status} ${JSON.stringify(body)}`);
      await pause(100);
    }
  };
  const call = async (client: Client) => {
    while (isOn) {
      await submit(client, randomUUID());
      await pause(20);
    }
  };
  const running = Promise.all(
    Array.from({ length: callers }, (_, index) => call(clients[index % clients.length]!)),
  );
  return load;
}

/** Stops when submitting goes on as before the fault. Callers are told to ask again, and nothing else, in time. */
export async function stopWhenWell(load: Load, answeredWithinMs: number): Promise<void> {
  const before = load.accepted.size;
  await eventually(() => load.accepted.size > before + 20, 30_000);
  await load.stop();
  expect(load.wrong).toEqual([]);
  expect(load.slowestMs).toBeLessThan(answeredWithinMs);
}

/** What became of the accepted jobs. */
export interface Verdict {
  readonly accepted: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unfinished: number;
  /** Ended more than once, or with attempts that the ledger does not know. */
  readonly wronglyTold: number;
}

const JUDGE = `
  WITH accepted AS (SELECT unnest($1::text[]) AS key, unnest($2::uuid[]) AS id),
  events AS (
    SELECT job_id, count(*) FILTER (WHERE event = 'started') AS started,
           count(*) FILTER (WHERE event = 'completed') AS completed
    FROM job_events GROUP BY job_id)
  SELECT count(*)::int AS accepted,
         count(*) FILTER (WHERE j.id IS NULL)::int AS lost,
         (SELECT count(*)::int FROM jobs WHERE idempotency_key IS NOT NULL)
           - count(DISTINCT j.id)::int AS doubled,
         count(*) FILTER (WHERE j.status <> 'COMPLETED')::int AS unfinished,
         count(*) FILTER (WHERE e.completed <> 1 OR e.started <> j.attempts)::int AS "wronglyTold"
  FROM accepted a LEFT JOIN jobs j ON j.id = a.id LEFT JOIN events e ON e.job_id = j.id`;

/** Waits until all accepted jobs have ended and judges what is on record. */
export async function judge(pool: Pool, { accepted }: Load, withinMs = 45_000): Promise<Verdict> {
  const read = async () => {
    const { rows } = await pool.query<Verdict>(JUDGE, [[...accepted.keys()], [...accepted.values()]]);
    return rows[0]!;
  };
  await eventually(async () => {
    const { unfinished, lost } = await read();
    return unfinished === 0 || lost > 0;
  }, withinMs).catch(() => undefined);
  return read();
}
