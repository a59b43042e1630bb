import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { commandsUnder } from '../support/documented.js';
import { eventually } from '../support/eventually.js';
import { type Machine, describeWithPostgres, ownMachine } from '../support/own-machine.js';
import { Service, ownHome } from '../support/service.js';

const [DUMP, RESTORE] = commandsUnder('docs/operate/back-up.md', 'A dump') as [string, string];
const [, COPY] = commandsUnder('docs/operate/upgrade.md', 'PostgreSQL, a major version') as [string, string];

describeWithPostgres('a dump of a service that works', () => {
  const home = ownHome();
  let machine: Machine;
  let environment: Record<string, string>;
  let accepted: readonly string[];

  beforeAll(async () => {
    machine = await ownMachine();
    environment = { ...home.environment, DATABASE_URL: machine.url, STALLED_WORKER_TIMEOUT: '5' };
    await machine.operate('roundhouse migrate', environment);
    accepted = await whileItWorks(() => machine.run(DUMP));
  });
  afterAll(async () => {
    await machine?.remove();
    home.remove();
  });

  /** Answers with the ids of all jobs that were accepted before, in the midst of others that come and go. */
  async function whileItWorks(work: () => Promise<unknown>): Promise<string[]> {
    const service = await Service.start(machine.url, environment);
    const ids: string[] = [];
    let isOver = false;
    const client = async (name: number) => {
      for (let n = 0; !isOver; n++) {
        const kinds = [{}, { lock: 'printer' }, { schedule_in: 2 }, { idempotency_key: `${name} ${n}` }];
        ids.push(
          await service.submit({ type: 'sleep', payload: { ms: n % 50 }, ...kinds[n % kinds.length] }),
        );
      }
    };
    const clients = [1, 2, 3].map(client);
    await eventually(() => ids.length > 100);
    const before = [...ids];
    await work();
    isOver = true;
    await Promise.all(clients);
    // What came later is known to the old database alone.
    expect(ids.length).toBeGreaterThan(before.length);
    await service.stop();
    return before;
  }

  async function expectToGoOn(url: string): Promise<void> {
    const restored = { ...environment, DATABASE_URL: url };
    expect(await machine.operate('roundhouse migrate', restored)).toContain('Nothing to migrate');
    expect(await machine.operate('roundhouse audit', restored)).toContain('Everything holds');
    const service = await Service.start(url, restored);
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    try {
      await service.jobWith('COMPLETED', await service.submit({ payload: { is: 'new' } }));
      await eventually(async () => {
        const { rows } = await pool.query(
          'SELECT status, count(*)::integer AS n FROM jobs WHERE id = ANY($1) GROUP BY status',
          [accepted],
        );
        expect(rows).toEqual([{ status: 'COMPLETED', n: accepted.length }]);
        return true;
      }, 30_000);
      expect(await machine.operate('roundhouse audit', restored)).toContain('Everything holds');
    } finally {
      await pool.end();
      await service.stop();
    }
  }

  test('is restored into an empty database, on which the service goes on', async () => {
    await machine.run(RESTORE);
    await expectToGoOn(`${machine.url}_restored`);
  });

  test('goes from one server to another of a newer major version', async () => {
    const newer = await startEmbeddedPostgres({ home: home.folder, log: () => undefined });
    try {
      const { port, username, password } = new URL(newer.url);
      const postgres = Object.assign(new URL(newer.url), { pathname: '/postgres' });
      const client = new pg.Client(postgres.href);
      await client.connect();
      await client.query('DROP DATABASE roundhouse');
      await client.query("CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '" + password + "'");
      await client.end();
      await machine.run(COPY, { OLD_PORT: String(machine.port), NEW_PORT: port, PGPASSWORD: password });
      expect(username).toBe('roundhouse');
      await expectToGoOn(newer.url);
    } finally {
      await newer.stop();
    }
  });
});
