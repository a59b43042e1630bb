import type { Client } from 'pg';
import { RemoteSubject } from './remote-subject.js';
import { SUBJECT_ENVIRONMENT } from './round.js';
import { withClient, withServer } from './server.js';
import { SUBJECTS } from './subjects.js';

/** How soon a job starts after its last parent, and how long workflows of a thousand jobs take to be accepted and to end. */
const JOBS = 1_000;
const ROUNDS = 3;

interface Body {
  readonly jobs: readonly { ref: string; payload: object; depends_on: readonly string[] }[];
}

const job = (ref: string, depends_on: readonly string[] = []) => ({
  ref,
  payload: { hello: ref },
  depends_on,
});

/** Each of a thousand jobs waits for the one before. */
const CHAIN: Body = {
  jobs: Array.from({ length: JOBS }, (_, index) => job(`j${index}`, index === 0 ? [] : [`j${index - 1}`])),
};

const MIDDLE = Array.from({ length: JOBS - 2 }, (_, index) => `j${index}`);

/** One job, 998 that wait for it, and one that waits for all of those. */
const FAN: Body = { jobs: [job('first'), ...MIDDLE.map((ref) => job(ref, ['first'])), job('last', MIDDLE)] };

/** From the end of a job's last parent to its own start (ms). */
const GAPS = `
  SELECT extract(epoch FROM c.started_at - max(p.finished_at)) * 1000 AS ms
  FROM jobs c JOIN jobs p ON p.id = ANY(c.depends_on)
  WHERE c.workflow_id = $1 GROUP BY c.id, c.started_at ORDER BY c.id DESC`;

await withServer(async (server) => {
  const environment = { ...SUBJECT_ENVIRONMENT, DATABASE_URL: await server.freshDatabase() };
  const [api, worker] = [0, 1].map(() => RemoteSubject.start(SUBJECTS.roundhouse.file, environment)) as [
    RemoteSubject,
    RemoteSubject,
  ];
  try {
    await api.ask('prepare');
    const { result: url } = await api.ask('serve');
    await worker.ask('work');
    await withClient(environment.DATABASE_URL, async (client) => {
      for (const [name, body] of [
        ['chain', CHAIN],
        ['fan', FAN],
      ] as const)
        for (let round = 0; round < ROUNDS; round++) await measure(url, client, name, body);
    });
  } finally {
    await Promise.all([api.end(), worker.end()]);
  }
});

async function measure(url: string, client: Client, name: string, body: Body): Promise<void> {
  const before = performance.now();
  const answer = await fetch(`${url}/workflows`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { workflow_id: id } = (await answer.json()) as { workflow_id: string };
  const accepted = performance.now() - before;
  const seconds = await secondsOf(client, id);
  const { rows } = await client.query<{ ms: string }>(GAPS, [id]);
  const gaps = rows.map(({ ms }) => Number(ms));
  const [p50, p99] = [0.5, 0.99].map((fraction) => percentile(gaps, fraction).toFixed(1));
  const last = (gaps[0] ?? Number.NaN).toFixed(1);
  console.log(
    `${name} of ${JOBS}: accepted in ${accepted.toFixed(0)} ms, ended after ${seconds.toFixed(1)} s; start after the last parent p50 ${p50} ms, p99 ${p99} ms, the last job ${last} ms`,
  );
}

function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(fraction * sorted.length) - 1] ?? Number.NaN;
}

async function secondsOf(client: Client, id: string): Promise<number> {
  for (;;) {
    const { rows } = await client.query<{ seconds: number | null }>(
      `SELECT extract(epoch FROM finished_at - created_at)::float8 AS seconds, pg_sleep(0.1) FROM workflows WHERE id = $1`,
      [id],
    );
    const seconds = rows[0]?.seconds;
    if (seconds !== null && seconds !== undefined) return seconds;
  }
}
