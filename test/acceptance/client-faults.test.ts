import { ConnectionError, type JobNews, Roundhouse } from '../../clients/typescript/src/index.js';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

describe('the TypeScript client, when connections break', () => {
  let app: App;
  let way: TcpProxy;
  let client: Roundhouse;
  beforeAll(async () => {
    app = await startApp('typescript client faults', { program: FIXTURE_APP });
    way = await startTcpProxy(app.api.ready);
    // However slow the machine: what is tested is that it ends, not after how many tries.
    client = new Roundhouse({ url: way.url, retries: 20 });
  });
  afterEach(() => way.mend());
  afterAll(async () => {
    await way?.stop();
    await app?.stop();
  });

  const count = async (where: string): Promise<number> => {
    const { rows } = await app.database.pool.query(`SELECT count(*)::int AS n FROM ${where}`);
    return rows[0].n;
  };

  test('makes one job of a submission whose answer was lost after it was stored', async () => {
    way.loseAnswers();
    const submitting = client.jobs.submit('echo', {}, { tags: ['lost'] });
    await eventually(() => count(`jobs WHERE 'lost' = ANY(tags)`));
    way.mend();
    const { job_id } = await submitting;
    const { rows } = await app.database.pool.query(`SELECT id FROM jobs WHERE 'lost' = ANY(tags)`);
    expect(rows).toEqual([{ id: job_id }]);
    expect((await client.waitFor(job_id)).status).toBe('COMPLETED');
  });

  test.each([
    { kind: 'batch', options: {} },
    { kind: 'group', options: { group: { name: 'lost group' } } },
  ])('makes the jobs of a $kind once whose answer was lost', async ({ kind, options }) => {
    way.loseAnswers();
    const jobs = [1, 2].map((n) => ({ type: 'echo', payload: { n }, tags: [`lost ${kind}`] }));
    const submitting = client.jobs.submitMany(jobs, options);
    await eventually(() => count(`jobs WHERE 'lost ${kind}' = ANY(tags)`));
    way.mend();
    expect((await submitting).jobs).toHaveLength(2);
    expect(await count(`jobs WHERE 'lost ${kind}' = ANY(tags)`)).toBe(2);
  });

  test('starts a workflow once whose answer was lost', async () => {
    way.loseAnswers();
    const submitting = client.workflows.submit({
      name: 'lost',
      jobs: [{ ref: 'one', type: 'echo', payload: {} }],
    });
    await eventually(() => count(`workflows WHERE name = 'lost'`));
    way.mend();
    expect((await client.workflows.waitFor(await submitting)).status).toBe('COMPLETED');
    expect(await count(`workflows WHERE name = 'lost'`)).toBe(1);
  });

  test('takes it for deleted when the answer to a deletion was lost', async () => {
    await app.client.post('/schedules', {
      name: 'gone',
      cron: '0 3 * * *',
      job: { type: 'echo', payload: {} },
    });
    way.loseAnswers();
    const deleting = client.schedules.delete('gone');
    await eventually(async () => (await count(`schedules WHERE name = 'gone'`)) === 0);
    way.mend();
    await expect(deleting).resolves.toBeUndefined();
  });

  test('goes on waiting for a job while the service is away', async () => {
    const job = await client.jobs.submit('speak', { wait: true });
    const waiting = client.waitFor(job);
    await app.jobWith('PROCESSING', job.job_id);
    way.cut();
    expect((await app.client.post(`/jobs/${job.job_id}/cancel`)).status).toBe(202);
    await app.jobWith('CANCELLED', job.job_id);
    way.mend();
    await expect(waiting).rejects.toMatchObject({ job: { job_id: job.job_id, status: 'CANCELLED' } });
  });

  test('follows a job through a connection that breaks, and hears everything once', async () => {
    const job = await client.jobs.submit('speak', { wait: true, lines: 3 });
    const told: JobNews[] = [];
    const following = (async () => {
      for await (const news of client.jobs.events(job)) told.push(news);
    })();
    await eventually(() => told.some((news) => news.kind === 'log' && news.message === 'line 2'));
    way.cut();
    expect((await app.client.post(`/jobs/${job.job_id}/cancel`)).status).toBe(202);
    await app.jobWith('CANCELLED', job.job_id);
    way.mend();
    await following;
    const kept = told.filter(({ kind }) => kind === 'event' || kind === 'log');
    expect(new Set(kept.map(({ cursor }) => cursor)).size).toBe(kept.length);
    const events = told.flatMap((news) => (news.kind === 'event' ? [news.event] : []));
    expect(events).toEqual(['submitted', 'started', 'cancel_requested', 'cancelled']);
    expect(told.filter((news) => news.kind === 'log' && news.message.startsWith('line '))).toHaveLength(3);
    expect(told.at(-1)).toMatchObject({ kind: 'end', status: 'CANCELLED' });
  });

  test('says where it looked when nothing listens there', async () => {
    way.cut();
    const asking = new Roundhouse({ url: way.url, retries: 0 }).jobs.get('any');
    await expect(asking).rejects.toThrow(ConnectionError);
    await expect(asking).rejects.toThrow(new URL(way.url).origin);
  });
});
