import { type App, startApp } from '../support/start-app.js';

describe('a first job', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('first job');
  });
  afterAll(() => app?.stop());

  test('is accepted, run by the worker and COMPLETED with its result', async () => {
    const { status, headers, body } = await app.client.post('/jobs', { payload: { hello: 'world' } });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
    expect(body).toMatchObject({ type: 'echo', status: 'PENDING', attempts: 0, queue_name: 'default' });

    const done = await app.jobWith('COMPLETED', body.job_id);
    expect(done).toMatchObject({ result: { hello: 'world' }, attempts: 1, error_message: null });
  });
});
