import { type App, startApp } from '../support/start-app.js';

describe('finding jobs', () => {
  let app: App;
  /** Every job, the newest first. */
  let all: Record<string, any>[];
  beforeAll(async () => {
    app = await startApp('searching', { workers: 0 });
    const payloads: object[] = [
      { user: { id: 42, name: 'Ada Lovelace' }, items: [{ sku: 'a-1' }, { sku: 'b-2' }] },
      { user: { id: 42.0, name: 'Alan' }, done: true, note: null },
      { user: { id: '42' }, done: 'true', note: 'null' },
      { user: { id: 421 }, 'a.b:c': 'odd "key"' },
      { user: 42, text: 'ünïcode 😀' },
      {},
    ];
    for (let number = 0; number < 24; number++) {
      await app.client.post('/jobs', {
        payload: { number, ...payloads[number % payloads.length] },
        queue: number % 2 ? 'default' : 'emails',
        tags: number % 3 ? [] : ['signup'],
      });
    }
    const number = `(payload ->> 'number')::int`;
    await app.database.pool.query(`
      UPDATE jobs SET
        status = (CASE ${number} % 3 WHEN 0 THEN 'FAILED' WHEN 1 THEN 'COMPLETED' ELSE 'PENDING' END)::job_status,
        error_message = CASE ${number} % 3 WHEN 0 THEN 'SMTP: Connection TIMED OUT after ' || ${number} || ' s' END,
        result = CASE ${number} % 3 WHEN 1 THEN jsonb_build_object('sent', ${number}) END,
        lock = CASE WHEN ${number} % 4 = 0 THEN 'printer' WHEN ${number} % 4 = 1 THEN 'Printer' END,
        idempotency_key = 'key-' || ${number}`);
    await app.database.pool.query(`
      INSERT INTO job_keys (kind, key, owner, job_id)
      SELECT 'idempotency', idempotency_key, 'somebody', id FROM jobs
      UNION ALL SELECT 'idempotency', 'key-3', 'somebody else', id FROM jobs WHERE ${number} = 20
      UNION ALL SELECT 'idempotency', 'purged', 'somebody', gen_random_uuid()
      UNION ALL SELECT 'unique', 'key-5', 'x', id FROM jobs WHERE ${number} = 6`);
    all = (await list({ limit: '200' })).jobs;
  });
  afterAll(() => app?.stop());

  const list = async (query: Record<string, string>) => {
    const { status, body } = await app.client.get(`/jobs?${new URLSearchParams(query).toString()}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  };
  const numbers = (jobs: readonly Record<string, any>[]) => jobs.map((job) => job.payload.number);
  /** Newest first: numbers that satisfy this. */
  const those = (matches: (number: number) => boolean) =>
    Array.from({ length: 24 }, (_, index) => 23 - index).filter(matches);

  test.each<[Record<string, string>, (number: number) => boolean]>([
    [{ lock: 'printer' }, (n) => n % 4 === 0],
    [{ lock: 'Printer' }, (n) => n % 4 === 1],
    [{ lock: 'none' }, () => false],
    [{ lock: 'printer', status: 'failed' }, (n) => n % 12 === 0],
    [{ lock: 'printer', queue: 'emails', tag: 'signup' }, (n) => n % 12 === 0],
    [{ idempotency_key: 'key-7' }, (n) => n === 7],
    [{ idempotency_key: 'key-3' }, (n) => n === 3 || n === 20],
    [{ idempotency_key: 'key-5' }, (n) => n === 5],
    [{ idempotency_key: 'purged' }, () => false],
    [{ idempotency_key: 'key-' }, () => false],
    [{ idempotency_key: 'key-3', status: 'failed' }, (n) => n === 3],
    [{ status: 'done', queue: 'default' }, (n) => n % 3 === 1 && n % 2 === 1],
    [{ q: 'payload.user.id:42' }, (n) => n % 6 <= 2],
    [{ q: 'payload.user.id:42.0' }, (n) => n % 6 <= 1],
    [{ q: 'payload.user.id:"42"' }, (n) => n % 6 === 2],
    [{ q: 'payload.user:42' }, (n) => n % 6 === 4],
    [{ q: 'payload.user.name:"Ada Lovelace"' }, (n) => n % 6 === 0],
    [{ q: 'payload.items.1.sku:b-2' }, (n) => n % 6 === 0],
    [{ q: 'payload.done:true' }, (n) => n % 6 === 1 || n % 6 === 2],
    [{ q: 'payload.done:"true"' }, (n) => n % 6 === 2],
    [{ q: 'payload.note:null' }, (n) => n % 6 === 1 || n % 6 === 2],
    [{ q: 'payload."a.b:c":"odd \\"key\\""' }, (n) => n % 6 === 3],
    [{ q: 'payload.text:"ünïcode 😀"' }, (n) => n % 6 === 4],
    [{ q: 'payload.number:99999999999999999999999999' }, () => false],
    [{ q: 'payload.number:1e999999' }, () => false],
    [{ q: 'result.sent:7' }, (n) => n === 7],
    [{ q: 'error:"timed out"' }, (n) => n % 3 === 0],
    [{ q: 'error:"AFTER 9 S"' }, (n) => n === 9],
    [{ q: 'error:%' }, () => false],
    [{ q: 'error:smtp payload.user.id:42' }, (n) => n % 6 === 0],
    [{ q: 'error:smtp', tag: 'signup', queue: 'emails' }, (n) => n % 6 === 0],
  ])('by %j', async (query, matches) => {
    const body = await list(query);
    expect(numbers(body.jobs)).toEqual(those(matches));
    expect([body.next_cursor, body.incomplete]).toEqual([null, false]);
  });

  test('finds each as it is read alone', async () => {
    const { jobs } = await list({ q: 'payload.number:7' });
    expect(jobs).toEqual([(await app.client.get(`/jobs/${jobs[0].job_id}`)).body]);
  });

  test.each<Record<string, string>>([
    { lock: 'printer' },
    { q: 'error:smtp' },
    { tag: 'signup', status: 'failed' },
    { q: 'payload.user.id:42', queue: 'emails' },
    { created_after: '2020-01-01T00:00:00Z' },
    { created_before: '2099-01-01T00:00:00Z', type: 'echo' },
  ])('is walked through page by page, completely and without repeats: %j', async (query) => {
    const whole = numbers((await list(query)).jobs);
    expect(whole.length).toBeGreaterThan(3);
    const walked: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const body: Record<string, any> = await list({ ...query, limit: '2', ...(cursor && { cursor }) });
      walked.push(...numbers(body.jobs));
      cursor = body.next_cursor;
      if (cursor !== null) expect(body.jobs).toHaveLength(2);
    }
    expect(walked).toEqual(whole);
  });

  test.each<[Record<string, string>, string]>([
    [{ q: '' }, 'q is empty'],
    [{ q: 'timeout' }, 'q cannot be read from "timeout" on'],
    [{ q: 'paylod.a:1' }, 'Did you mean "payload"?'],
    [{ q: 'payload.a:\0' }, 'cannot be stored'],
    [{ q: `error:${'x'.repeat(500)}` }, 'must not have more than 500 characters'],
    [{ lock: '' }, 'lock must be longer'],
    [{ idempotency_key: 'x'.repeat(256) }, 'idempotency_key must be shorter'],
    [{ locks: 'x' }, 'Did you mean "lock"?'],
  ])('is refused when it makes no sense: %j', async (query, detail) => {
    const { status, body } = await app.client.get(`/jobs?${new URLSearchParams(query).toString()}`);
    expect(status).toBe(422);
    expect(body.detail).toContain(detail);
  });

  test('takes one search, not two', async () => {
    const { status } = await app.client.get('/jobs?q=error:a&q=error:b');
    expect(status).toBe(422);
  });

  test('knows everything that was accepted', () => {
    expect(numbers(all)).toEqual(those(() => true));
  });
});
