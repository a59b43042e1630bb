import { randomBytes } from 'node:crypto';
import { commandsUnder } from '../support/documented.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { Receiver, WEBHOOK_SETTINGS, verified } from '../support/receiver.js';
import { RunningProgram } from '../support/running-program.js';

const [, ROTATE] = commandsUnder('docs/operate/disaster.md', 'The key is lost') as [string, string];
const CLI = ['--enable-source-maps', 'dist/src/cli/main.js'];

const settings = () => ({
  ...WEBHOOK_SETTINGS,
  AUTH_MODE: 'keys',
  SECRETS_KEY: randomBytes(32).toString('base64'),
  WEBHOOK_RETRY_DELAYS: '1,1,1,1,1,1,1,1,1',
});

describe('after SECRETS_KEY was lost', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  const running: ProductProcess[] = [];

  beforeAll(async () => {
    [database, receiver] = await Promise.all([createTestDatabase('lost key'), Receiver.start()]);
  });
  afterAll(async () => {
    await Promise.all(running.map((process) => process.stop()));
    await receiver?.stop();
    await database?.drop();
  });

  const start = async (environment: Record<string, string>) => {
    const [api, worker] = await Promise.all([
      startProduct('api', database.url, environment, FIXTURE_APP),
      startProduct('worker', database.url, environment, FIXTURE_APP),
    ]);
    running.push(api, worker);
    return api;
  };
  const makeKey = async (environment: Record<string, string>) => {
    const command = [
      ...CLI,
      'keys',
      'create',
      `key ${randomBytes(3).toString('hex')}`,
      '--scopes',
      'admin',
      '--json',
    ];
    const program = RunningProgram.node(command, { ...environment, DATABASE_URL: database.url });
    await program.exited;
    return /rh_\w+/.exec(program.output)![0];
  };
  const as = (key: string) => ({ Authorization: `Bearer ${key}` });

  test('jobs go on, keys are made anew, and webhooks sign again once their secret was rotated', async () => {
    const before = settings();
    const oldKey = await makeKey(before);
    const path = receiver.place();
    const oldApi = new Client((await start(before)).ready);
    const hook = await oldApi.post(
      '/webhooks',
      { url: receiver.url(path), events: ['job.completed'] },
      as(oldKey),
    );
    expect(hook.status).toBe(201);
    const waiting = await oldApi.post('/jobs', { payload: {}, schedule_in: 3_600 }, as(oldKey));
    await Promise.all(running.splice(0).map((process) => process.stop()));

    const now = settings();
    const key = await makeKey(now);
    const { ready } = await start(now);
    const api = new Client(ready);
    expect((await api.get('/jobs', as(oldKey))).status).not.toBe(200);
    const id = waiting.body.job_id;
    await api.post(`/jobs/${id}/run-now`, undefined, as(key));
    await eventually(async () => (await api.get(`/jobs/${id}`, as(key))).body.status === 'COMPLETED');
    const deliveries = async () => (await api.get(`/jobs/${id}/deliveries`, as(key))).body.deliveries;
    await eventually(async () => (await deliveries())[0]?.error);
    expect(receiver.at(path)).toEqual([]);

    const rotate = RunningProgram.of(['bash', '-c', ROTATE], {
      ...{ PATH: process.env.PATH, ROUNDHOUSE_URL: ready, ROUNDHOUSE_API_KEY: key },
      WEBHOOK: hook.body.webhook_id,
    });
    expect(await rotate.exited).toMatchObject({ code: 0 });
    const [arrived] = await receiver.arrivals(path, 1, 30_000);
    expect(
      verified(JSON.parse(rotate.output.slice(rotate.output.indexOf('{'))).secret, arrived!),
    ).toMatchObject({
      type: 'job.completed',
    });
  });
});
