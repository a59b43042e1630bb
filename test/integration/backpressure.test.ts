import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '../../src/api-application.js';
import { loadConfig } from '../../src/config/index.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const BLOCKED_MS = 350;

describe('a process whose event loop is late', () => {
  let database: TestDatabase;
  let api: NestFastifyApplication;
  beforeAll(async () => {
    database = await createTestDatabase('backpressure');
    Object.assign(process.env, { DATABASE_URL: database.url, LOG_LEVEL: 'silent' });
    api = await createApi(loadConfig());
    await api.init();
    await api.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await api?.close();
    await database?.drop();
  });

  const submit = (url: string, payload: object) => api.inject({ method: 'POST', url, payload });

  test('takes submissions after a moment of it, as at the start', async () => {
    const until = performance.now() + 1_500;
    while (performance.now() < until);
    expect((await submit('/jobs', { payload: {} })).statusCode).toBe(201);
  });

  test('turns submissions away and goes on with everything else, until it keeps up again', async () => {
    // Connections are there by then: to open one takes half a dozen turns of the loop, and so far longer than it may.
    expect((await api.inject({ method: 'GET', url: '/jobs' })).statusCode).toBe(200);
    let isBusy = true;
    const keepBusy = () => {
      const until = performance.now() + BLOCKED_MS;
      while (performance.now() < until);
      if (isBusy) setTimeout(keepBusy, 1);
    };
    keepBusy();
    try {
      for (const [url, body] of [
        ['/jobs', { payload: {} }],
        ['/jobs/batch', { jobs: [{ payload: {} }] }],
        ['/tasks/echo', {}],
      ] as const) {
        const refused = await eventually(async () => {
          const answer = await submit(url, body);
          return answer.json().code === 'overloaded' ? answer : undefined;
        });
        expect(refused.headers['retry-after']).toBe('1');
        expect(refused.json()).toMatchObject({ status: 503, title: expect.any(String) });
      }
      await eventually(async () => (await api.inject({ method: 'GET', url: '/jobs' })).statusCode === 200);
    } finally {
      isBusy = false;
    }
    await eventually(async () => (await submit('/jobs', { payload: {} })).statusCode === 201);
  });
});
