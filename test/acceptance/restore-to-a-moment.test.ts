import { readdirSync, rmSync } from 'node:fs';
import pg from 'pg';
import { commandsUnder } from '../support/documented.js';
import { eventually } from '../support/eventually.js';
import { type Machine, describeWithPostgres, ownMachine } from '../support/own-machine.js';
import { Service, ownHome } from '../support/service.js';

const PAGE = 'docs/operate/back-up.md';
const [ARCHIVE, DAILY, LOOK] = commandsUnder(PAGE, 'Every change') as [string, string, string];
const [PACK, UNPACK] = commandsUnder(PAGE, 'Files and key') as [string, string];
const [, GO_BACK] = commandsUnder(PAGE, 'Back to a point in time') as [string, string];
const [CHECK, AFTERWARDS] = commandsUnder(PAGE, 'Start again') as [string, string];

const LARGE = 2 * 1024 * 1024;

describeWithPostgres(`going back to a moment by the commands of ${PAGE}`, () => {
  const home = ownHome();
  let machine: Machine;
  let service: Service;
  let environment: Record<string, string>;

  beforeAll(async () => {
    machine = await ownMachine();
    environment = { ...home.environment, DATABASE_URL: machine.url, STALLED_WORKER_TIMEOUT: '5' };
    await machine.operate('roundhouse migrate', environment);
    service = await Service.start(machine.url, environment);
  });
  afterAll(async () => {
    await service?.stop();
    await machine?.remove();
    home.remove();
  });

  const query = async (text: string) => {
    const client = new pg.Client(machine.url);
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };

  test('brings back every job that was accepted before, as it was, and runs it', async () => {
    await machine.run(ARCHIVE);
    const early = await eventually(() => service.submit({ payload: { at: 'first' } }));
    await service.jobWith('COMPLETED', early);
    await machine.run(DAILY);
    const [base] = readdirSync(`${machine.backups}/base`);

    const done = await service.submit({ payload: {}, idempotency_key: 'done' });
    const file = await service.submit({
      type: 'files',
      payload: { files: [{ name: 'large.bin', bytes: LARGE }] },
    });
    for (const id of [done, file]) await service.jobWith('COMPLETED', id);
    const waiting = await service.submit({ payload: {}, schedule_in: 3_600 });
    const child = await service.submit({ payload: {}, depends_on: [waiting] });
    const holder = await service.submit({ type: 'sleep', payload: { ms: 3_000 }, lock: 'printer' });
    const behind = await service.submit({ payload: {}, lock: 'printer' });
    const many = await service.client.post('/jobs/batch', {
      jobs: Array.from({ length: 500 }, (_, n) => ({ payload: { n }, schedule_in: 5 })),
    });
    const accepted = [
      early,
      done,
      file,
      waiting,
      child,
      holder,
      behind,
      ...many.body.jobs.map(({ job_id: id }: { job_id: string }) => id),
    ];
    await service.jobWith('PROCESSING', holder);
    await machine.operate(PACK, environment);

    const [{ target }] = await query('SELECT clock_timestamp()::text AS target');
    const late = await service.submit({ payload: {}, idempotency_key: 'late' });
    for (const id of [late, holder, behind]) await service.jobWith('COMPLETED', id);
    await service.client.post(`/jobs/${waiting}/run-now`);
    for (const id of [waiting, child]) await service.jobWith('COMPLETED', id);
    await query('DELETE FROM jobs');
    await service.stop();
    rmSync(home.folder, { recursive: true });

    await machine.run(GO_BACK, { BASE: `${machine.backups}/base/${base!}`, TARGET: target });
    await machine.operate(UNPACK, environment);
    const before = await query(
      `SELECT id, status FROM jobs WHERE id = ANY('{${[done, waiting, child, holder, behind].join()}}') ORDER BY id`,
    );
    expect(before.map(({ id, status }) => [id, status])).toEqual([
      [done, 'COMPLETED'],
      [waiting, 'PENDING'],
      [child, 'BLOCKED'],
      [holder, 'PROCESSING'],
      [behind, 'BLOCKED'],
    ]);
    expect(await machine.operate(CHECK, environment)).toContain('Everything holds');
    // The next start is a plain one.
    expect(await machine.run('cat "$PGDATA/postgresql.auto.conf"')).not.toMatch(/^(recovery|restore)/m);

    service = await Service.start(machine.url, environment);
    expect(await service.jobWith('COMPLETED', holder)).toMatchObject({ attempts: 2 });
    await service.client.post(`/jobs/${waiting}/run-now`);
    for (const id of accepted) await service.jobWith('COMPLETED', id);
    expect((await service.client.get(`/jobs/${late}`)).status).toBe(404);
    // Callers that ask once more meet what is there, and make anew what is not.
    expect(await service.submit({ payload: {}, idempotency_key: 'late' })).not.toBe(late);
    const again = await service.client.post('/jobs', { payload: {}, idempotency_key: 'done' });
    expect([again.status, again.body.job_id]).toEqual([200, done]);
    const download = await fetch(new URL(`/jobs/${file}/artifacts/large.bin`, service.address));
    expect((await download.arrayBuffer()).byteLength).toBe(LARGE);
    expect(await machine.operate('roundhouse audit', environment)).toContain('Everything holds');
    expect(await machine.operate(AFTERWARDS, environment)).toMatch(/^0 errors/m);
    expect(await machine.run(LOOK)).toMatch(/\|\s+0 \|\s*\n/);
  });
});
