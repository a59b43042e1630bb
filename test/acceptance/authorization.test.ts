import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SCOPES } from '../../src/auth/scopes.js';
import { startLockedApp } from '../support/keys.js';
import type { App } from '../support/start-app.js';

type Headers = Record<string, string>;

/** Who may use what, written down once more: the routes say it too, and either may be wrong. */
const ALLOWED: Record<string, string> = {
  'jobs:submit': 'createJob createJobs createTask createWorkflow',
  'jobs:read': `explainJob getArtifact getBulkOperation getErrorGroup getJob getJobType getJoke getMetrics getQueue
    getScaling getSchedule getStats getWorker getWorkflow listArtifacts listAttempts listBulkOperations listDeadLetters
    listErrorGroups listEvents listJobDeliveries listJobTypes listJobs listJokes listLogs listParents listQueues
    listSchedules listWorkers listWorkflowDeliveries listWorkflowJobs listWorkflows previewSchedule previewTiming`,
  'jobs:control': `abortBulkOperation cancelJob cancelWorkflow createBulkOperation discardDeadLetter editJob
    ignoreErrorGroup redriveDeadLetters reopenErrorGroup resolveErrorGroup retryJob retryWorkflow runJobNow`,
  'queues:admin': 'declareJobType drainWorker editQueue pauseQueue removeJobType resumeQueue',
  'schedules:write': `createSchedule deleteSchedule editSchedule pauseSchedule resumeSchedule runSchedule`,
  'webhooks:write': `createWebhook deleteWebhook disableWebhook editWebhook enableWebhook getWebhook listDeliveries
    listWebhooks resendDelivery rotateWebhookSecret testWebhook`,
  leases: 'completeLease failLease heartbeatLease leaseJobs releaseLease snoozeLease',
  admin: 'createKey getAdminStats getKey listAuditRecords listKeys revokeKey rotateKey',
};
const PUBLIC = ['getHealth', 'getLiveness', 'getReadiness'];

interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly scope: string | undefined;
}

const document = JSON.parse(readFileSync('openapi.json', 'utf8'));

/** Every route, at an address where there is nothing. */
const routes: Route[] = Object.entries<Record<string, any>>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, { operationId, security }]) => ({
    id: operationId,
    method: method.toUpperCase(),
    path: path.replaceAll(/\{\w+\}/g, randomUUID()),
    scope: security?.[0]?.api_key?.[0],
  })),
);

describe('every route', () => {
  let app: App;
  let allowed: (...scopes: string[]) => Promise<Headers>;
  beforeAll(async () => {
    ({ app, allowed } = await startLockedApp('authorization'));
  });
  afterAll(() => app?.stop());

  const send = ({ method, path }: Route, headers: Headers = {}) =>
    fetch(app.api.ready + path, { method, headers }).then(async (response) => {
      await response.arrayBuffer();
      return response.status;
    });

  test('names the scope it needs', () => {
    const named = routes.filter(({ scope }) => scope !== undefined);
    const expected = Object.entries(ALLOWED).flatMap(([scope, ids]) =>
      ids.split(/\s+/).map((id) => `${id} ${scope}`),
    );
    expect(named.map(({ id, scope }) => `${id} ${scope}`).sort()).toEqual(expected.sort());
    const others = routes.filter(({ scope }) => scope === undefined).map(({ id }) => id);
    expect(others.sort()).toEqual(PUBLIC);
  });

  test('names the same scope for keys and for access tokens', () => {
    for (const item of Object.values<Record<string, any>>(document.paths))
      for (const { operationId, security = [] } of Object.values(item))
        expect([operationId, security.map(Object.keys).flat(), security[1]?.access_token]).toEqual([
          operationId,
          PUBLIC.includes(operationId) ? [] : ['api_key', 'access_token'],
          security[0]?.api_key,
        ]);
  });

  test('is closed to whoever shows no key, unless it tells of health only', async () => {
    const heads = routes
      .filter(({ method }) => method === 'GET')
      .map((route) => ({ ...route, method: 'HEAD' }));
    for (const route of [...routes, ...heads]) {
      const status = await send(route);
      expect(`${route.id} ${status === 401}`).toBe(`${route.id} ${!PUBLIC.includes(route.id)}`);
    }
  });

  test.each(Object.keys(SCOPES))(
    'is open to keys with %s where it should, and nowhere else',
    async (scope) => {
      const headers = await allowed(scope);
      for (const route of routes) {
        const mayPass =
          scope === 'admin' || PUBLIC.includes(route.id) || ALLOWED[scope]!.split(/\s+/).includes(route.id);
        const status = await send(route, headers);
        expect(`${route.id} ${[401, 403].includes(status) ? 'refused' : 'passed'}`).toBe(
          `${route.id} ${mayPass ? 'passed' : 'refused'}`,
        );
        expect(status).not.toBe(500);
      }
    },
  );

  test('is closed to keys whose scopes this version does not know', async () => {
    const headers = await allowed('jobs:everything', 'Admin', 'admin@', '*');
    for (const route of routes) {
      if (!PUBLIC.includes(route.id))
        expect(`${route.id} ${await send(route, headers)}`).toBe(`${route.id} 403`);
    }
  });
});

describe('a key for one queue', () => {
  let app: App;
  let allowed: (...scopes: string[]) => Promise<Headers>;
  let all: Headers;
  let mine: string;
  let foreign: string;
  beforeAll(async () => {
    ({ app, allowed } = await startLockedApp('authorization_queues'));
    all = await allowed('admin');
    [mine, foreign] = (await Promise.all(
      ['mine', 'foreign'].map(async (queue) => {
        const { body } = await app.client.post('/jobs', { payload: {}, queue }, all);
        return body.job_id as string;
      }),
    )) as [string, string];
  });
  afterAll(() => app?.stop());

  const statusOf = async (method: string, path: string, headers: Headers, body?: object) =>
    (await app.client.send(method, path, body && JSON.stringify(body), headers)).status;

  test.each<[string, string, object | undefined, number]>([
    ['POST', '/jobs', { payload: {}, queue: 'mine' }, 201],
    ['POST', '/jobs', { payload: {}, queue: 'foreign' }, 403],
    // These may be about jobs of other queues.
    ['POST', '/jobs', { payload: {}, queue: 'mine', depends_on: [randomUUID()] }, 403],
    ['POST', '/jobs', { payload: {}, queue: 'mine', unique: { key: 'k', on_conflict: 'replace' } }, 403],
    // Not named, but this is where it would go.
    ['POST', '/jobs', { payload: {} }, 403],
    ['POST', '/tasks/echo', {}, 403],
    ['POST', '/tasks/fetch-joke', {}, 403],
    ['POST', '/jobs/batch', { jobs: [{ payload: {}, queue: 'mine' }] }, 201],
    ['POST', '/jobs/batch', { jobs: [{ payload: {}, queue: 'mine' }, { payload: {} }] }, 403],
    [
      'POST',
      '/jobs/batch',
      { jobs: [{ payload: {}, queue: 'mine' }], group: { on_finished: { type: 'echo', payload: {} } } },
      403,
    ],
    ['POST', '/workflows', { jobs: [{ ref: 'a', payload: {}, queue: 'mine' }] }, 201],
    ['POST', '/workflows', { jobs: [{ ref: 'a', payload: {}, queue: 'foreign' }] }, 403],
  ])('submits to it alone: %s %s %j is %d', async (method, path, body, status) => {
    const before = await app.database.pool.query('SELECT count(*)::int AS n FROM jobs');
    for (const scope of ['jobs:submit@mine', 'admin@mine'])
      expect(await statusOf(method, path, await allowed(scope), body)).toBe(status);
    const after = await app.database.pool.query('SELECT count(*)::int AS n FROM jobs');
    expect(after.rows[0].n > before.rows[0].n).toBe(status === 201);
  });

  test.each([
    ['', 200],
    ['/attempts', 200],
    ['/logs', 200],
    ['/artifacts', 200],
    ['/artifacts/none', 404],
    ['/events', 200],
    ['/parents', 200],
    ['/explain', 200],
    ['/deliveries', 200],
  ])('reads jobs of it alone: /jobs/{id}%s', async (rest, status) => {
    const headers = await allowed('jobs:read@mine');
    expect(await statusOf('GET', `/jobs/${mine}${rest}`, headers)).toBe(status);
    expect(await statusOf('GET', `/jobs/${foreign}${rest}`, headers)).toBe(404);
    expect(await statusOf('GET', `/jobs/${foreign}${rest}`, await allowed('jobs:read@foreign'))).toBe(status);
  });

  test.each([
    ['/jobs?queue=mine', 200],
    ['/jobs?queue=foreign', 403],
    ['/jobs', 403],
    ['/queues/mine', 200],
    ['/queues/foreign', 403],
    ['/queues', 403],
    ['/stats', 403],
    ['/metrics', 403],
    ['/dead-letters', 403],
    ['/dead-letters?queue=mine', 200],
    ['/dead-letters?queue=foreign', 403],
    ['/workflows', 403],
    ['/bulk-operations', 403],
  ])('reads %s: %d', async (path, status) => {
    expect(await statusOf('GET', path, await allowed('jobs:read@mine'))).toBe(status);
  });

  test('intervenes in jobs of it alone, and moves none elsewhere', async () => {
    const headers = await allowed('jobs:control@mine', 'jobs:read');
    const submit = async (queue: string) => {
      const job = { payload: {}, queue, schedule_in: 3_600 };
      return (await app.client.post('/jobs', job, all)).body.job_id as string;
    };
    const [own, other] = [await submit('mine'), await submit('foreign')];
    for (const [method, rest, body] of [
      ['PATCH', '', { priority: 1 }],
      ['POST', '/run-now', undefined],
      ['POST', '/cancel', undefined],
      ['POST', '/retry', undefined],
    ] as const) {
      expect(await statusOf(method, `/jobs/${other}${rest}`, headers, body)).toBe(403);
      expect(await statusOf(method, `/jobs/${own}${rest}`, headers, body)).toBe(200);
    }
    expect(await statusOf('PATCH', `/jobs/${own}`, headers, { queue: 'foreign' })).toBe(403);
    const { body } = await app.client.get(`/jobs/${other}`, all);
    expect([body.status, body.priority]).toEqual(['PENDING', 5]);
    expect(await statusOf('POST', '/bulk-operations', headers, {})).toBe(403);
  });

  test('pauses it alone', async () => {
    const headers = await allowed('queues:admin@mine');
    for (const rest of ['pause', 'resume']) {
      expect(await statusOf('POST', `/queues/mine/${rest}`, headers)).toBe(200);
      expect(await statusOf('POST', `/queues/foreign/${rest}`, headers)).toBe(403);
    }
    const edit = { ...headers, 'If-Match': '*' };
    expect(await statusOf('PATCH', '/queues/mine', edit, { dead_letter_queue: 'foreign' })).toBe(403);
    expect(await statusOf('PATCH', '/queues/foreign', { ...headers, 'If-Match': '*' }, {})).toBe(403);
  });

  test('runs jobs of it alone', async () => {
    const declared = await app.client.send(
      'PUT',
      '/job-types/chore',
      JSON.stringify({ description: 'A chore.' }),
      all,
    );
    expect(declared.status).toBeLessThan(300);
    await app.client.post('/jobs', { type: 'chore', payload: {}, queue: 'foreign' }, all);
    const lease = (queues: string[], headers: Headers) =>
      app.client.post('/leases', { queues, worker_id: 'w', max: 1 }, headers);
    const headers = await allowed('leases@mine');
    expect((await lease(['mine'], headers)).status).toBe(200);
    expect((await lease(['mine', 'foreign'], headers)).status).toBe(403);
    const { body } = await lease(['foreign'], await allowed('leases@foreign'));
    const token = body.leases[0].lease_token as string;
    for (const [rest, wish] of [
      ['heartbeat', {}],
      ['complete', {}],
      ['fail', { error: { message: 'no' } }],
      ['snooze', { delay: 1 }],
      ['release', {}],
    ] as const)
      expect(`${rest} ${(await app.client.post(`/leases/${token}/${rest}`, wish, headers)).status}`).toBe(
        `${rest} 403`,
      );
    expect(
      (await app.client.post(`/leases/${token}/complete`, {}, await allowed('leases@foreign'))).status,
    ).toBe(200);
  });

  test('plans for it alone', async () => {
    const headers = await allowed('schedules:write@mine');
    const plan = (name: string, queue?: string) => ({
      name,
      cron: '0 0 1 1 *',
      job: { type: 'echo', payload: {}, ...(queue ? { queue } : {}) },
    });
    expect(await statusOf('POST', '/schedules', headers, plan('own', 'mine'))).toBe(201);
    for (const queue of ['foreign', undefined])
      expect(await statusOf('POST', '/schedules', headers, plan('other', queue))).toBe(403);
    expect(await statusOf('POST', '/schedules', all, plan('other', 'foreign'))).toBe(201);
    const edit = { ...headers, 'If-Match': '*' };
    expect(await statusOf('PATCH', '/schedules/own', edit, { job: plan('', 'foreign').job })).toBe(403);
    for (const name of ['other', 'own']) {
      const statuses = [
        await statusOf('PATCH', `/schedules/${name}`, edit, { job: plan('', 'mine').job }),
        await statusOf('POST', `/schedules/${name}/pause`, headers),
        await statusOf('POST', `/schedules/${name}/resume`, headers),
        await statusOf('POST', `/schedules/${name}/run`, headers),
        await statusOf('DELETE', `/schedules/${name}`, headers),
      ];
      expect(statuses).toEqual(name === 'own' ? [200, 200, 200, 201, 204] : Array(5).fill(403));
    }
    expect(await statusOf('GET', '/schedules/other', all)).toBe(200);
  });

  test('hears of it alone', async () => {
    const headers = await allowed('webhooks:write@mine');
    const hook = (queues: string[] | null, event = 'job.failed') => ({
      url: 'https://hooks.example/jobs',
      events: [event],
      queues,
    });
    const wider = [['foreign'], ['mine', 'foreign'], null, []].map((queues) => hook(queues));
    for (const body of [...wider, hook(['mine'], 'workflow.failed')])
      expect(await statusOf('POST', '/webhooks', headers, body)).toBe(403);
    const { body: own } = await app.client.post('/webhooks', hook(['mine']), headers);
    const { body: other } = await app.client.post('/webhooks', hook(['foreign']), all);
    const edit = { ...headers, 'If-Match': '*' };
    expect(await statusOf('PATCH', `/webhooks/${own.webhook_id}`, edit, { queues: null })).toBe(403);
    for (const { webhook_id: id } of [other, own]) {
      const statuses = [
        await statusOf('PATCH', `/webhooks/${id}`, edit, { description: 'x' }),
        await statusOf('GET', `/webhooks/${id}`, headers),
        await statusOf('GET', `/webhooks/${id}/deliveries`, headers),
        await statusOf('POST', `/webhooks/${id}/disable`, headers),
        await statusOf('POST', `/webhooks/${id}/enable`, headers),
        await statusOf('POST', `/webhooks/${id}/rotate-secret`, headers),
        await statusOf('DELETE', `/webhooks/${id}`, headers),
      ];
      expect(statuses).toEqual(
        id === own.webhook_id ? [200, 200, 200, 200, 200, 200, 204] : Array(7).fill(403),
      );
    }
    expect(await statusOf('GET', '/webhooks', headers)).toBe(403);
  });

  test('cannot make keys, not even its administrator', async () => {
    expect(
      await statusOf('POST', '/keys', await allowed('admin@mine'), { name: 'x', scopes: ['admin'] }),
    ).toBe(403);
  });
});
