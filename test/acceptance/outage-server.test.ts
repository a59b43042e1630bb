import { setTimeout as pause } from 'node:timers/promises';
import { byHand } from '../support/by-hand.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { type Load, judge, startLoad, stopWhenWell } from '../support/load.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

/** TEST_LONG=1 keeps each fault up for minutes. */
const LONG = Boolean(process.env.TEST_LONG);
const TERMINATE_FOR_MS = LONG ? 300_000 : 15_000;
const RESTARTS = LONG ? 30 : 1;

/** Less than what makes a worker's silence its end, which is 30 s. */
const AWAY_MS = LONG ? 18_000 : 12_000;

/** How long a job takes that runs through a fault, and that nobody else may have meanwhile. */
const LONG_JOB_MS = 8_000;

const WORKERS = 2;

const ECHO = { type: 'echo', payload: {} };

const ANSWERED_WITHIN_MS = 5_000;

const OURS = `datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'roundhouse%'`;

describe('two APIs and two workers under load', () => {
  let server: OwnPostgres;
  let proxy: TcpProxy;
  let processes: ProductProcess[] = [];
  let clients: Client[];
  beforeAll(async () => {
    server = await startOwnPostgres();
    proxy = await startTcpProxy(server.url);
    const start = (role: 'api' | 'worker') => startProduct(role, proxy.url, {}, FIXTURE_APP);
    processes = await Promise.all([start('api'), start('api'), start('worker'), start('worker')]);
    clients = processes.slice(0, 2).map(({ ready }) => new Client(ready));
  });
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await proxy?.stop();
    await server?.stop();
  });

  /** Nothing is lost, doubled or stuck, whatever happens meanwhile, and everybody is still there. */
  async function survives(fault: () => Promise<unknown>, longMs = LONG_JOB_MS): Promise<Load> {
    await byHand(server.pool, 'TRUNCATE jobs, job_events, job_keys, pgboss.job');
    const long = await clients[0]!.post('/jobs', { type: 'sleep', payload: { ms: longMs } });
    const load = startLoad(clients, 8, { type: 'sleep', payload: { ms: 5 } });
    await eventually(() => load.accepted.size > 20);
    await fault();
    await stopWhenWell(load, ANSWERED_WITHIN_MS);
    const verdict = await judge(server.pool, load);
    expect(verdict).toEqual({
      accepted: load.accepted.size,
      lost: 0,
      doubled: 0,
      unfinished: 0,
      wronglyTold: 0,
    });
    const stayed = await eventually(async () => {
      const { body } = await clients[0]!.get(`/jobs/${long.body.job_id}`);
      return body.status === 'COMPLETED' ? body : undefined;
    });
    expect(stayed).toMatchObject({ attempts: 1, result: { attempt: 1 } });
    const ended = processes.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
    expect(ended.map(({ output }) => output())).toEqual([]);
    console.log(
      `${verdict.accepted} accepted, ${load.refusals} told to ask again, the slowest answer took ${Math.round(load.slowestMs)} ms`,
    );
    return load;
  }

  async function backends(condition: string): Promise<number[]> {
    const { rows } = await server.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE ${OURS} AND ${condition}`,
    );
    return rows.map(({ pid }) => pid);
  }

  async function canStopBackends(): Promise<boolean> {
    try {
      for (const pid of await backends('true')) process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** How many workers hear notices, over connections that began after that moment. */
  const listeners = async (since: Date): Promise<number> => {
    const { rows } = await server.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE application_name LIKE 'roundhouse worker % listen' AND state = 'idle' AND query <> '' AND backend_start > $1 AND ${OURS}`,
      [since],
    );
    return rows[0]!.n;
  };

  test(
    'survive that every connection is ended, again and again',
    async () => {
      await survives(async () => {
        const until = performance.now() + TERMINATE_FOR_MS;
        while (performance.now() < until) {
          await server.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS}`);
          await pause(1_000);
        }
      });
    },
    240_000 + TERMINATE_FOR_MS,
  );

  test('survive that the server is away for some time and is another one when it comes back', async () => {
    await survives(async () => {
      proxy.cut();
      await Promise.all([server.restart('SIGKILL'), pause(AWAY_MS)]);
      proxy.mend();
    }, AWAY_MS + LONG_JOB_MS);
  });

  test('listen again within two seconds', async () => {
    await eventually(async () => (await listeners(new Date(0))) === WORKERS);
    const { rows } = await server.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const { now } = rows[0]!;
    await server.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS}`);
    const since = performance.now();
    await eventually(async () => (await listeners(now)) === WORKERS);
    const ms = performance.now() - since;
    console.log(`listening again after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(SOON_MS);
  });

  test('survive that connections of theirs hang, while others go on', async () => {
    if (!(await canStopBackends())) {
      console.log('Skipped: this user may not send signals to the processes of the server');
      return;
    }
    let stopped: number[] = [];
    const goOn = () => stopped.forEach((pid) => kill(pid, 'SIGCONT'));
    const atTheLatest = setTimeout(goOn, 20_000);
    try {
      await survives(async () => {
        // Idle ones only: one that is stopped in the middle of a commit holds up the whole server.
        stopped = (await backends(`state = 'idle'`)).slice(0, 20);
        for (const pid of stopped) kill(pid, 'SIGSTOP');
        for (const pid of await backends(`state <> 'idle'`)) if (stopped.includes(pid)) kill(pid, 'SIGCONT');
        const since = performance.now();
        for (const client of clients)
          await eventually(async () => (await client.post('/jobs', ECHO)).status === 201);
        console.log(
          `${stopped.length} connections hang: accepted again after ${Math.round(performance.now() - since)} ms`,
        );
        goOn();
      });
    } finally {
      clearTimeout(atTheLatest);
      goOn();
    }
  });

  test.each([
    ['crashes', 'SIGKILL'],
    ['is restarted at once (immediate)', 'SIGQUIT'],
    ['is restarted in order (fast)', 'SIGINT'],
  ] as const)(
    'survive that the server %s',
    async (_, signal) => {
      for (let round = 0; round < RESTARTS; round++) {
        await survives(async () => {
          await server.restart(signal);
          const since = performance.now();
          const { rows } = await server.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
          await eventually(
            async () =>
              (
                await server.pool.query(
                  `SELECT 1 FROM job_events WHERE event = 'started' AND at > $1 LIMIT 1`,
                  [rows[0]!.now],
                )
              ).rowCount,
          );
          console.log(`first claim ${Math.round(performance.now() - since)} ms after the server answers`);
        });
      }
    },
    240_000 * RESTARTS,
  );
});

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
