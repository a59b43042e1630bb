import { type Schema, document } from '../support/openapi/operations.js';
import { type App, startApp } from '../support/start-app.js';

/** Every body that the document shows, with the operation it is shown for. */
const shown = Object.entries<Schema>(document.paths).flatMap(([path, item]) =>
  Object.entries<Schema>(item).flatMap(([method, operation]) => {
    const { example, examples = {} } = operation.requestBody?.content['application/json'] ?? {};
    const all = example === undefined ? {} : { alone: { value: example } };
    return Object.entries<Schema>({ ...all, ...examples }).map(
      ([name, { value }]) => [operation.operationId, name, { method, path, operation, value }] as const,
    );
  }),
);

const key = Buffer.alloc(32, 1).toString('base64');

describe('requests as openapi.json shows them', () => {
  let app: App;
  /** What is there for addresses to name. */
  const world: Record<string, string> = {};

  beforeAll(async () => {
    const environment = { WEBHOOK_SIGNING_SECRET: `whsec_${key}`, SECRETS_KEY: key };
    app = await startApp('documented requests', { workers: 0, environment });
    const made = async (path: string, body: object) => (await app.client.post(path, body)).body;
    const url = 'https://hooks.example/other';
    world['/jobs/{job_id}'] = (await made('/jobs', { payload: {}, schedule_in: { days: 30 } })).job_id;
    world['/keys/{key_id}'] = (await made('/keys', { name: 'other', scopes: ['jobs:read'] })).key_id;
    world['/webhooks/{webhook_id}'] = (await made('/webhooks', { url, events: ['job.failed'] })).webhook_id;
    const schedule = { name: 'other', cron: '0 3 * * *', job: { type: 'echo', payload: {} } };
    world['/schedules/{name}'] = (await made('/schedules', schedule)).name;
    // What is done to it must not hinder the other examples.
    await made('/jobs', { payload: {}, queue: 'other' });
    world['/queues/{name}'] = 'other';
    world['/job-types/{type}'] = 'crop_image';
    const declared = JSON.stringify({ description: 'Turns an image.' });
    await app.client.send('PUT', '/job-types/turn_image', declared);
  });
  afterAll(() => app?.stop());

  /** Another one for every request, as most of them end it. */
  async function leaseToken(): Promise<string> {
    await app.client.post('/jobs', { type: 'turn_image', queue: 'turning', payload: {} });
    const { body } = await app.client.post('/leases', { queues: ['turning'], worker_id: 'turner' });
    return body.leases[0].lease_token;
  }

  test('are many, and of every operation that takes a body', () => {
    const withBody = Object.values<Schema>(document.paths).flatMap((item) =>
      Object.values<Schema>(item).filter(({ requestBody }) => requestBody),
    );
    expect(new Set(shown.map(([id]) => id)).size).toBe(withBody.length);
    expect(shown.length).toBeGreaterThan(withBody.length);
  });

  test.each(shown)('%s works with its example "%s"', async (_, name, { method, path, operation, value }) => {
    const [place = path] = /^.*\}/.exec(path) ?? [];
    const known: Record<string, string> = { ...world, '/tasks/{type}': name.split(' ')[0]! };
    if (place === '/leases/{token}') known[place] = await leaseToken();
    const address = path.replace(/\{\w+\}/, known[place] ?? '');
    const isGuarded = (operation.parameters ?? []).some((parameter: Schema) => parameter.name === 'If-Match');
    const headers: Record<string, string> = isGuarded ? { 'If-Match': '*' } : {};
    const { status, body } = await app.client.send(
      method.toUpperCase(),
      address,
      JSON.stringify(value),
      headers,
    );
    expect([status < 300, body.detail]).toEqual([true, undefined]);
  });
});
