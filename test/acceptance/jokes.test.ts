import { eventually } from '../support/eventually.js';
import { JOKES, type JokesServer, startJokesServer } from '../support/jokes-server.js';
import { insertPastJobs } from '../support/past-jobs.js';
import { type App, startApp } from '../support/start-app.js';

const BASE_DELAY_MS = 500;

describe('jokes', () => {
  let api: JokesServer;
  let app: App;
  beforeAll(async () => {
    api = await startJokesServer();
    app = await startApp('jokes', {
      environment: {
        API_BASE_URL: api.url,
        MAX_RETRIES: '3',
        RETRY_BASE_DELAY: String(BASE_DELAY_MS / 1000),
        RETRY_JITTER: '0',
      },
    });
  });
  afterAll(async () => {
    await app?.stop();
    await api?.stop();
  });
  beforeEach(() => {
    api.mode = 'ok';
  });

  /** What the handler has logged about a job, one message a line. */
  const linesAbout = (jobId: string) =>
    app.workers[0]!.output()
      .split('\n')
      .filter((line) => line.includes(jobId) && line.includes('"context":"Jokes"'))
      .map((line) => JSON.parse(line).msg as string);

  const submit = async (payload: object, more: object = {}): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { type: 'fetch-joke', payload, ...more });
    expect(status).toBe(201);
    return body.job_id;
  };

  /** From the end of the last attempt but one until the next might start, in ms; it must not have started before. */
  const lastWaitOf = async (jobId: string): Promise<number> => {
    const { body: job } = await app.client.get(`/jobs/${jobId}`);
    const { body } = await app.client.get(`/jobs/${jobId}/attempts`);
    const [failed, last] = body.attempts.slice(-2);
    expect(Date.parse(last.started_at)).toBeGreaterThanOrEqual(Date.parse(job.scheduled_at));
    return Date.parse(job.scheduled_at) - Date.parse(failed.ended_at);
  };

  describe('a job that fetches one', () => {
    test('is queued without a body, COMPLETED with the joke, and logged as operators know it', async () => {
      const { status, headers, body } = await app.client.post('/tasks/fetch-joke');
      expect(status).toBe(201);
      expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
      expect(body).toEqual({
        job_id: body.job_id,
        status: 'queued',
        message: `Job ${body.job_id} queued successfully. Category: random`,
      });

      const job = await app.jobWith('COMPLETED', body.job_id);
      expect(job).toMatchObject({ type: 'fetch_and_cache_joke', queue_name: 'api_calls', max_attempts: 3 });
      const joke = JOKES.find(({ id }) => id === job.result.joke_id)!;
      expect(job.result).toEqual({ joke_id: joke.id, value: joke.value, category: joke.category ?? null });
      expect(linesAbout(body.job_id)).toEqual([
        `Job ${body.job_id}: Fetching joke (attempt 1/3)`,
        `Job ${body.job_id}: Successfully cached joke`,
      ]);
    });

    test('asks for the category it was given', async () => {
      const { body } = await app.client.post('/tasks/fetch-joke', { category: 'dev' });
      expect(body.message).toBe(`Job ${body.job_id} queued successfully. Category: dev`);
      const { result } = await app.jobWith('COMPLETED', body.job_id);
      expect(result.category).toBe('dev');
      expect(api.requests).toContain('/jokes/random?category=dev');
      const { body: kept } = await app.client.get(`/jokes/${result.joke_id}`);
      expect(kept).toMatchObject({ joke_id: result.joke_id, value: result.value, category: 'dev' });
    });

    test('takes a category of null for none', async () => {
      const { body } = await app.client.post('/tasks/fetch-joke', { category: null });
      expect(body.message).toMatch(/ Category: random$/);
      await app.jobWith('COMPLETED', body.job_id);
    });

    test('keeps a joke once, however often and by however many at a time it is fetched', async () => {
      const jobs = await Promise.all(Array.from({ length: 8 }, () => submit({ category: 'music' })));
      await Promise.all(jobs.map((jobId) => app.jobWith('COMPLETED', jobId)));
      await app.jobWith('COMPLETED', await submit({ category: 'music' }));
      const { body } = await app.client.get('/jokes?category=music');
      expect(body).toMatchObject({ total: 1, jokes: [{ category: 'music' }] });
      const [{ created_at, updated_at }] = body.jokes;
      expect(Date.parse(updated_at)).toBeGreaterThan(Date.parse(created_at));
    });
  });

  describe('when the API misbehaves', () => {
    test('a failed fetch is tried again after exactly the waits of the table, and FAILED in the end', async () => {
      api.mode = 'error';
      const [retriedOnce, retriedTwice] = [await submit({}, { max_attempts: 2 }), await submit({})];
      const job = await app.jobWith('FAILED', retriedTwice);
      expect(job).toMatchObject({ attempts: 3, result: null });
      expect(job.error_message).toMatch(/^The joke API answered with status 500/);
      expect(linesAbout(retriedTwice)).toEqual(
        [1, 2, 3].map((attempt) => `Job ${retriedTwice}: Fetching joke (attempt ${attempt}/3)`),
      );

      await app.jobWith('FAILED', retriedOnce);
      expect(await lastWaitOf(retriedOnce)).toBe(BASE_DELAY_MS);
      expect(await lastWaitOf(retriedTwice)).toBe(2 * BASE_DELAY_MS);
    });

    test('an API that recovers is enough for the next attempt', async () => {
      api.mode = 'error';
      const jobId = await submit({});
      await eventually(async () => (await app.client.get(`/jobs/${jobId}`)).body.error_message);
      api.mode = 'ok';
      const job = await app.jobWith('COMPLETED', jobId);
      expect(job.attempts).toBeGreaterThan(1);
      expect(job.error_message).toBeNull();
    });

    test('a category that it does not have fails the job at once, with a plain message', async () => {
      const job = await app.jobWith('FAILED', await submit({ category: 'knitting' }));
      expect(job).toMatchObject({ attempts: 1, max_attempts: 3 });
      expect(job.error_message).toBe(
        'The joke API has no category "knitting": submit the job with one it has',
      );
    });

    test.each([
      ['garbage', /^The joke API answered with something that is not a joke/],
      ['flood', /^The joke API answered with more than 64 KiB/],
    ] as const)('an answer that is %s fails the job and is not kept', async (mode, message) => {
      api.mode = mode;
      const job = await app.jobWith('FAILED', await submit({}, { max_attempts: 1 }));
      expect(job.error_message).toMatch(message);
      expect((await app.client.get('/jokes/flood')).status).toBe(404);
    });

    test('an API that hangs is given up after 10 s, said so, and asked again', async () => {
      api.mode = 'hang';
      const asked = api.requests.length;
      const jobId = await submit({});
      await eventually(() => api.requests.length > asked);
      api.mode = 'ok';
      const job = await app.jobWith('COMPLETED', jobId, 20_000);
      expect(job.attempts).toBe(2);
      expect(linesAbout(jobId)).toEqual([
        `Job ${jobId}: Fetching joke (attempt 1/3)`,
        `Job ${jobId}: API timeout on attempt 1`,
        `Job ${jobId}: Fetching joke (attempt 2/3)`,
        `Job ${jobId}: Successfully cached joke`,
      ]);
      const { body } = await app.client.get(`/jobs/${jobId}/attempts`);
      expect(body.attempts[0].error.message).toBe('The joke API did not answer within 10 s');
    });
  });

  test.each([
    ['empty', ''],
    ['too long', 'x'.repeat(101)],
    ['of other characters', 'dev/../../etc'],
    ['no text', { toString: 1 }],
  ])('a category that is %s is refused and nothing is stored', async (_, category) => {
    const before = await app.client.get('/admin/stats');
    const { status, body } = await app.client.post('/jobs', { type: 'fetch-joke', payload: { category } });
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe('/payload/category');
    expect((await app.client.post('/tasks/fetch-joke', { category })).status).toBe(422);
    expect((await app.client.get('/admin/stats')).body).toEqual(before.body);
  });

  test('a field that a fetch does not know is refused with the one that was meant', async () => {
    const { status, body } = await app.client.post('/tasks/fetch-joke', { categroy: 'dev' });
    expect(status).toBe(422);
    expect(body.errors[0].detail).toBe('There is no field "categroy". Did you mean "category"?');
  });

  describe('the list', () => {
    beforeAll(async () => {
      await app.database.pool.query(`
        TRUNCATE jokes RESTART IDENTITY;
        INSERT INTO jokes (joke_id, value, category)
        SELECT 'joke-' || n, 'Joke ' || n, CASE WHEN n % 3 = 0 THEN 'dev' END FROM generate_series(1, 12) AS n`);
    });

    test('holds ten jokes, the newest first, and says how many there are', async () => {
      const { status, body } = await app.client.get('/jokes');
      expect(status).toBe(200);
      expect(body).toMatchObject({ total: 12, skip: 0, limit: 10 });
      expect(body.jokes).toHaveLength(10);
      expect(body.jokes[0]).toEqual({
        joke_id: 'joke-12',
        value: 'Joke 12',
        category: 'dev',
        url: null,
        icon_url: null,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: expect.stringMatching(/Z$/),
      });
    });

    test('is read in parts, and by category', async () => {
      const page = await app.client.get('/jokes?skip=10&limit=20');
      expect(page.body).toMatchObject({ total: 12, skip: 10, limit: 20 });
      expect(page.body.jokes.map((joke: { joke_id: string }) => joke.joke_id)).toEqual(['joke-2', 'joke-1']);
      const dev = await app.client.get('/jokes?category=dev&limit=1');
      expect(dev.body).toMatchObject({ total: 4, jokes: [{ joke_id: 'joke-12' }] });
      expect((await app.client.get('/jokes?category=none&skip=5')).body).toMatchObject({
        total: 0,
        jokes: [],
      });
    });

    test.each([
      'skip=-1',
      'skip=x',
      'limit=0',
      'limit=101',
      'limit=1.5',
      'category=',
      'category=%00',
      'page=2',
    ])('refuses %s and points at it', async (query) => {
      const { status, body } = await app.client.get(`/jokes?${query}`);
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'validation_failed' });
      expect(body.errors[0].pointer).toBe(`/${query.split('=')[0]}`);
    });

    test.each(['no-such-joke', '%00', 'x'.repeat(250), '..%2Fjobs', "'%20OR%201=1"])(
      'has no joke "%s"',
      async (jokeId) => {
        const { status, body } = await app.client.get(`/jokes/${jokeId}`);
        expect(status).toBe(404);
        expect(body.code).toBe('joke_not_found');
      },
    );

    test('is counted by category, beside the jobs of the last hour', async () => {
      const { rows } = await app.database.pool.query('SELECT count(*)::int AS jobs FROM jobs');
      const before = await app.client.get('/stats');
      expect(before.status).toBe(200);
      expect(before.body).toEqual({
        total_jokes: 12,
        categories: { uncategorized: 8, dev: 4 },
        recent_jobs: rows[0].jobs,
      });

      await insertPastJobs(app.database, { queue: 'default', status: 'COMPLETED', created: 3_700 });
      expect((await app.client.get('/stats')).body.recent_jobs).toBe(rows[0].jobs);
    });
  });
});
