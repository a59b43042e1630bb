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

  const told = async (path: string, body: object) => {
    const answer = await app.client.post(path, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    return answer.body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();
  };

  const FETCH = { type: 'fetch-joke', payload: { category: '!' } };

  test('is wrong in the form of a job does not hide what is wrong with its type and its payload', async () => {
    expect(await told('/jobs', { type: 'nosuch', priority: 11, payload: {} })).toEqual([
      '/priority max',
      '/type unknown_job_type',
    ]);
    const [first, ...others] = await told('/jobs', { ...FETCH, max_attempts: 1, retry: 1 });
    expect([first, others[0]]).toEqual(['/payload/category matches', '/retry contradiction']);
    const batch = { jobs: [{ type: 'nosuch', payload: {}, tags: 'x' }, { payload: {} }, {}] };
    expect(await told('/jobs/batch', batch)).toEqual([
      '/jobs/0/tags is_array',
      '/jobs/0/type unknown_job_type',
      '/jobs/2/payload is_object',
    ]);
  });

  test('is wrong with the times of a schedule is told with what is wrong with its target', async () => {
    const times = { name: 'a', cron: '61 * * * *', timezone: 'Europe/Berln' };
    const ofTimes = ['/cron is_cron', '/timezone is_time_zone'];
    const job = { type: 'nosuch', payload: {} };
    expect(await told('/schedules', { ...times, job })).toEqual([
      '/cron is_cron',
      '/job/type unknown_job_type',
      '/timezone is_time_zone',
    ]);
    expect(await told('/schedules', { ...times, job: { payload: {} } })).toEqual(ofTimes);
    const workflow = { jobs: [{ ref: 'a', depends_on: ['b'], type: 'nosuch', payload: {} }] };
    const ofWorkflow = [
      '/workflow/jobs/0/depends_on/0 unknown_ref',
      '/workflow/jobs/0/type unknown_job_type',
    ];
    expect(await told('/schedules', { ...times, workflow })).toEqual([...ofTimes, ...ofWorkflow]);

    expect(
      (await app.client.post('/schedules', { name: 'b', cron: '0 3 * * *', job: { payload: {} } })).status,
    ).toBe(201);
    const edit = { timezone: 'Europe/Berln', job };
    const { body } = await app.client.send('PATCH', '/schedules/b', JSON.stringify(edit), {
      'If-Match': '*',
    });
    expect(body.errors.map(({ pointer }: any) => pointer)).toEqual(['/job/type', '/timezone']);
  });

  test('is wrong with a workflow is told of all of its jobs and of how they wait', async () => {
    const jobs = [
      { ref: 'a', payload: {}, depends_on: ['b'], priority: 11 },
      { ref: 'b', payload: {}, depends_on: ['a'] },
      { ref: 'c', payload: {}, type: 'nosuch', depends_on: ['x'] },
      { ref: 'c', payload: { category: { $job: 'a' } }, type: 'fetch-joke' },
      { ref: 'd', ...FETCH },
    ];
    const faults = await told('/workflows', { jobs, on_finished: FETCH });
    expect(faults).toEqual([
      '/jobs/0/depends_on circle',
      '/jobs/0/priority max',
      '/jobs/2/depends_on/0 unknown_ref',
      '/jobs/2/type unknown_job_type',
      '/jobs/3/ref duplicate_ref',
      '/jobs/4/payload/category matches',
      '/on_finished/payload/category matches',
    ]);
    const { body } = await app.client.get('/workflows');
    expect(body.workflows).toEqual([]);
  });

  test('is meant for our own workers, or written as elsewhere, is answered with what to do', async () => {
    const leased = await app.client.post('/leases', { worker_id: 'w', queues: ['default'], types: ['echo'] });
    expect([leased.status, leased.body.errors[0].pointer]).toEqual([422, '/types/0']);
    expect(leased.body.detail).toContain('Jobs of the type "echo" are run by our own workers');
    const job = { payload: {} };
    const daily = await app.client.post('/schedules', { name: 'daily', cron: '@daily', job });
    expect(daily.body.detail).toBe('cron takes no names such as @daily: send "0 0 * * *"');
  });

  test('names a type by another of its names is found under both', async () => {
    const { body } = await app.client.post('/tasks/hello_world', {});
    for (const type of ['hello_world', 'echo']) {
      const { body: list } = await app.client.get(`/jobs?type=${type}`);
      expect(list.jobs.map((job: any) => job.job_id)).toContain(body.job_id);
    }
  });
});
