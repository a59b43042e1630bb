import { type App, startApp } from '../support/start-app.js';

describe('what of a request', () => {
  let app: App;

  beforeAll(async () => {
    app = await startApp('faulty requests', { workers: 0 });
  });

  afterAll(async () => {
    await app.stop();
  });

  test('is missing is told once, with what to send', async () => {
    const once = async (path: string, body: object) => {
      const { errors } = (await app.client.post(path, body)).body;
      return errors.map((fault: any) => `${fault.pointer} ${fault.code} ${fault.detail}`);
    };
    expect(await once('/jobs', { type: 'echo' })).toEqual([
      '/payload is_object payload is missing: send an object, such as {"hello":"world"}, or {} when there is nothing to say',
    ]);
    expect(await once('/leases', { queues: ['default'] })).toEqual([
      expect.stringMatching(/^\/worker_id is_string worker_id is missing: send a text, such as "/),
    ]);
    expect(await once('/jobs', { payload: {}, tags: 'x' })).toEqual(['/tags is_array tags must be an array']);
  });

  test('names no status is answered with those that there are', async () => {
    const { body } = await app.client.get('/jobs?status=foo');
    expect(body.errors).toEqual([
      {
        pointer: '/status',
        detail:
          '"foo" is not a status. Send one of BLOCKED, PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED',
        code: 'is_job_status',
      },
    ]);
    expect((await app.client.get('/jobs?status=faild')).body.detail).toContain('Did you mean "FAILED"?');
  });
});
