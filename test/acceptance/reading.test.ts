import { type App, startApp } from '../support/start-app.js';

describe('reading jobs', () => {
  let app: App;
  /** Every job, the newest first. */
  let all: Record<string, any>[];
  beforeAll(async () => {
    app = await startApp('reading', { workers: 0 });
    const submit = async (job: object) => (await app.client.post('/jobs', { payload: {}, ...job })).body;
    for (let number = 0; number < 24; number++) {
      await submit({
        payload: { number },
        queue: number % 3 ? 'default' : 'emails',
        tags: number % 4 ? [] : ['signup', `n${number}`],
      });
    }
    // Of a type that allows one waiting job at a time.
    await app.database.pool.query(`
      UPDATE jobs SET type = 'health_check_task' WHERE (payload ->> 'number')::int % 6 = 0`);
    await app.database.pool.query(`
      UPDATE jobs SET status = (CASE (payload ->> 'number')::int % 5
        WHEN 0 THEN 'PENDING' WHEN 1 THEN 'PROCESSING' WHEN 2 THEN 'COMPLETED' WHEN 3 THEN 'FAILED' ELSE 'CANCELLED' END)::job_status`);
    all = await listed('limit=200');
  });
  afterAll(() => app?.stop());

  const listed = async (query = ''): Promise<Record<string, any>[]> => {
    const { status, body } = await app.client.get(`/jobs?${query}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.jobs;
  };
  const ids = (jobs: readonly Record<string, any>[]) => jobs.map((job) => job.job_id);

  describe('in a list', () => {
    test('has all of them, the newest first, each as it is read alone', async () => {
      expect(all.map((job) => job.payload.number)).toEqual(
        Array.from({ length: 24 }, (_, index) => 23 - index),
      );
      expect((await app.client.get(`/jobs/${all[3]!.job_id}`)).body).toEqual(all[3]);
      expect(Object.keys(all[0]!)).toEqual([
        ...[
          'job_id',
          'type',
          'queue_name',
          'status',
          'priority',
          'payload',
          'result',
          'error_message',
          'attempts',
        ],
        ...[
          'max_attempts',
          'idempotency_key',
          'lock',
          'limit_key',
          'unique_key',
          'tags',
          'workflow_id',
          'depends_on',
          'progress',
        ],
        ...['worker_id', 'created_at', 'updated_at', 'scheduled_at', 'started_at', 'finished_at'],
      ]);
      expect(await listed()).toEqual(all);
    });

    test.each([
      ['PENDING', ['pending', 'queued', 'TODO', 'Waiting']],
      ['PROCESSING', ['processing', 'doing', 'RUNNING']],
      ['COMPLETED', ['completed', 'succeeded', 'done']],
      ['FAILED', ['failed', 'FAILED']],
      ['CANCELLED', ['cancelled', 'aborted']],
      ['BLOCKED', ['blocked']],
    ])('is filtered by status, %s, in the words of every seed', async (status, words) => {
      const expected = all.filter((job) => job.status === status);
      for (const word of words) expect(await listed(`status=${word}`)).toEqual(expected);
    });

    test.each<[string, (job: Record<string, any>) => boolean]>([
      ['type=health_check_task', (job) => job.type === 'health_check_task'],
      ['type=unheard_of', () => false],
      ['queue=emails', (job) => job.queue_name === 'emails'],
      ['tag=signup', (job) => job.tags.includes('signup')],
      ['tag=n8', (job) => job.tags.includes('n8')],
      ['status=failed&type=echo', (job) => job.status === 'FAILED' && job.type === 'echo'],
      ['type=echo&queue=emails', (job) => job.type === 'echo' && job.queue_name === 'emails'],
      [
        'status=done&queue=default&tag=signup',
        (job) => job.status === 'COMPLETED' && job.queue_name === 'default' && job.tags.includes('signup'),
      ],
    ])('is filtered by %s', async (query, matches) => {
      expect(await listed(query)).toEqual(all.filter(matches));
    });

    test('is filtered by the time of creation, its start included and its end not', async () => {
      const [from, to] = [all[20]!.created_at, all[5]!.created_at];
      const between = all.filter((job) => job.created_at >= from && job.created_at < to);
      expect(between.length).toBeGreaterThan(0);
      expect(await listed(`created_after=${from}&created_before=${to}`)).toEqual(between);
      expect(
        await listed(`created_after=${from.replace('Z', '%2B00:00')}&created_before=${to.replace('Z', '')}`),
      ).toEqual(between);
      expect(await listed('created_after=0000-01-01T00:00:00Z')).toEqual(all);
      expect(await listed('created_after=2099-01-01T00:00:00Z')).toEqual([]);
    });

    test.each([
      '',
      'status=pending',
      'type=echo',
      'queue=default',
      'tag=signup',
      'status=failed&queue=default',
    ])('is walked through page by page, completely and without repeats: %s', async (filter) => {
      const whole = ids(await listed(`${filter}&limit=200`));
      const walked: string[] = [];
      let cursor = '';
      for (let page = 0; page < 30; page++) {
        const { body } = await app.client.get(`/jobs?${filter}&limit=2${cursor && `&cursor=${cursor}`}`);
        expect(body.jobs.length).toBeLessThanOrEqual(2);
        walked.push(...ids(body.jobs));
        if (body.next_cursor === null) break;
        expect(body.jobs).toHaveLength(2);
        cursor = body.next_cursor;
      }
      expect(walked).toEqual(whole);
    });

    test('keeps its place while new jobs arrive', async () => {
      const { body: first } = await app.client.get('/jobs?limit=10&type=echo');
      const { body: arrived } = await app.client.post('/jobs', { payload: { late: true } });
      const { body: second } = await app.client.get(`/jobs?limit=10&type=echo&cursor=${first.next_cursor}`);
      const echoes = all.filter((job) => job.type === 'echo');
      expect(ids([...first.jobs, ...second.jobs])).toEqual(ids(echoes.slice(0, 20)));
      expect(ids(await listed('limit=1'))).toEqual([arrived.job_id]);
      await app.database.pool.query('DELETE FROM jobs WHERE id = $1', [arrived.job_id]);
    });
  });

  describe('one by one', () => {
    test('answers 304 until something happens to it', async () => {
      const path = `/jobs/${all[0]!.job_id}`;
      const { headers } = await app.client.get(path);
      const etag = headers.get('etag')!;
      const same = await app.client.get(path, { 'If-None-Match': etag });
      expect([same.status, same.body, same.headers.get('etag')]).toEqual([304, {}, etag]);
      expect((await app.client.get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
      await app.database.pool.query(
        `UPDATE jobs SET status = 'CANCELLED', updated_at = now(), last_event = 'cancelled' WHERE id = $1`,
        [all[0]!.job_id],
      );
      const changed = await app.client.get(path, { 'If-None-Match': etag });
      expect([changed.status, changed.body.status]).toEqual([200, 'CANCELLED']);
      expect(changed.headers.get('etag')).not.toBe(etag);
    });

    test('takes an id in capitals, and HEAD', async () => {
      const id = all[1]!.job_id;
      expect((await app.client.get(`/jobs/${id.toUpperCase()}`)).body.job_id).toBe(id);
      const { status, body } = await app.client.send('HEAD', `/jobs/${id}`);
      expect([status, body]).toEqual([200, {}]);
    });

    test('has no attempts before the first', async () => {
      const waiting = all.find((job) => job.payload.number === 5)!;
      expect((await app.client.get(`/jobs/${waiting.job_id}/attempts`)).body).toEqual({ attempts: [] });
    });
  });

  test('includes the types there are, each with what a payload must look like', async () => {
    const { status, body } = await app.client.get('/job-types');
    expect(status).toBe(200);
    const types = body.job_types.map((jobType: any) => jobType.type);
    expect(types).toEqual([...types].sort());
    const echo = body.job_types.find((jobType: any) => jobType.type === 'echo');
    expect(echo).toMatchObject({
      aliases: ['hello_world'],
      internal: false,
      queue_name: 'default',
      max_attempts: 3,
      backoff: { strategy: 'exponential', base_delay: 1, max_delay: 300, jitter: 0.1 },
      timeout: 300,
      payload_schema: { type: 'object' },
    });
    for (const { type, internal, example } of body.job_types) {
      const answer = await app.client.post('/jobs', { type, payload: example, schedule_in: 3600 });
      // 200 where a type allows one waiting job at a time and has one.
      if (!internal) expect([type, answer.body.type]).toEqual([type, type]);
      else expect([type, answer.body.errors[0]?.code]).toEqual([type, 'internal_type']);
    }
  });
});
