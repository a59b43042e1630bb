import pg from 'pg';
import { commandsUnder } from '../support/documented.js';
import { eventually } from '../support/eventually.js';
import { type Machine, describeWithPostgres, ownMachine } from '../support/own-machine.js';
import { Service, ownHome } from '../support/service.js';

const PAGE = 'docs/operate/several-machines.md';
const [FOLLOW, SYNCHRONOUSLY] = commandsUnder(PAGE, 'A standby') as [string, string];
const [PROMOTE] = commandsUnder(PAGE, 'Failover') as [string];

const START = 'sudo systemctl start postgresql@15-main';
const STOP = 'sudo systemctl stop postgresql@15-main';

describeWithPostgres(`a failover by the commands of ${PAGE}`, () => {
  const home = ownHome();
  let primary: Machine;
  let standby: Machine;
  let service: Service;
  let environment: Record<string, string>;

  beforeEach(async () => {
    [primary, standby] = await Promise.all([ownMachine(), ownMachine({ isEmpty: true })]);
    environment = { ...home.environment, DATABASE_URL: primary.url, STALLED_WORKER_TIMEOUT: '5' };
    await primary.operate('roundhouse migrate', environment);
    service = await Service.start(primary.url, environment);
    await standby.run(FOLLOW, { PRIMARY: `127.0.0.1 port=${primary.port}` });
    await eventually(async () => (await states()).length === 1);
  });
  afterEach(async () => {
    await service?.stop();
    await Promise.all([primary?.remove(), standby?.remove()]);
  });
  afterAll(() => home.remove());

  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: primary.url, query_timeout: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  const states = () => query('SELECT sync_state FROM pg_stat_replication');

  /** The address leads to the standby from now on, as it does with any of the ways to do so. */
  async function takeOver(): Promise<void> {
    await standby.run(PROMOTE);
    await standby.run(STOP);
    await standby.run(START, { PGPORT: String(primary.port) });
  }

  test('loses no job that was accepted, where the standby is synchronous', async () => {
    await primary.run(SYNCHRONOUSLY);
    await eventually(async () => (await states())[0]?.sync_state === 'quorum');
    const accepted: string[] = [];
    let isOver = false;
    const client = async () => {
      while (!isOver) {
        const { status, body } = await service.client.post('/jobs', { type: 'sleep', payload: { ms: 200 } });
        if (status === 201) accepted.push(body.job_id);
      }
    };
    const clients = [1, 2, 3].map(client);
    await eventually(() => accepted.length > 50);
    primary.crash();
    await takeOver();
    const atOnce = accepted.length;
    await eventually(() => accepted.length > atOnce + 10, 60_000);
    isOver = true;
    await Promise.all(clients);
    await eventually(async () => {
      const rows = await query(
        `SELECT status, count(*)::integer AS n FROM jobs WHERE id = ANY('{${accepted.join()}}') GROUP BY status`,
      );
      expect(rows).toEqual([{ status: 'COMPLETED', n: accepted.length }]);
      return true;
    }, 60_000);
    expect(await primary.operate('roundhouse audit', environment)).toContain('Everything holds');
  });

  test('leaves submissions in doubt while the only synchronous standby is away, and one job of each afterwards', async () => {
    await primary.run(SYNCHRONOUSLY);
    await eventually(async () => (await states())[0]?.sync_state === 'quorum');
    await standby.run(STOP);
    const job = { payload: {}, idempotency_key: 'in doubt' };
    const from = performance.now();
    const answer = await service.client.post('/jobs', job);
    expect(answer.status).toBe(503);
    expect(performance.now() - from).toBeLessThan(10_000);
    await standby.run(START);
    const id = await eventually(async () => {
      const { status, body } = await service.client.post('/jobs', job);
      return status < 300 ? (body.job_id as string) : undefined;
    });
    await service.jobWith('COMPLETED', id);
    expect(await query('SELECT count(*)::integer AS n FROM jobs')).toEqual([{ n: 1 }]);
  });

  test('loses what an asynchronous standby had not got, and what is there goes on', async () => {
    const kept = await service.submit({ payload: {}, schedule_in: 10 });
    const [{ lsn }] = await query('SELECT pg_current_wal_lsn() AS lsn');
    await eventually(async () => {
      const [row] = await query(`SELECT flush_lsn >= '${lsn}' AS "isThere" FROM pg_stat_replication`);
      return row?.isThere;
    });
    await standby.run(STOP);
    const lost = await service.submit({ payload: {}, idempotency_key: 'lost' });
    await service.jobWith('COMPLETED', lost);
    primary.crash();
    await standby.run(START);
    await takeOver();
    await service.jobWith('COMPLETED', kept);
    expect((await service.client.get(`/jobs/${lost}`)).status).toBe(404);
    const again = await service.client.post('/jobs', { payload: {}, idempotency_key: 'lost' });
    expect(again.status).toBe(201);
    expect(await primary.operate('roundhouse audit', environment)).toContain('Everything holds');
  });
});
