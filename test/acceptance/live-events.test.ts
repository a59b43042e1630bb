import { EventSource } from '../support/event-source.js';
import { SOON_MS, eventually } from '../support/eventually.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { type TcpProxy, startTcpProxy } from '../support/tcp-proxy.js';

describe('the events of a job, live,', () => {
  let app: App;
  let proxy: TcpProxy;
  /** An API whose database can be taken away. */
  let endangered: ProductProcess;
  const opened: EventSource[] = [];
  beforeAll(async () => {
    app = await startApp('live events', { program: FIXTURE_APP, environment: { WORKER_TIMEOUT: '1' } });
    proxy = await startTcpProxy(app.database.url);
    endangered = await startProduct('api', proxy.url, {}, FIXTURE_APP);
  });
  afterEach(() => {
    for (const source of opened.splice(0)) source.close();
  });
  afterAll(async () => {
    await endangered.stop();
    await app?.stop();
    await proxy.stop();
  });

  const submit = async (job: object): Promise<string> => (await app.client.post('/jobs', job)).body.job_id;
  const follow = async (id: string, headers: Record<string, string> = {}, base = app.api.ready) => {
    const source = await EventSource.open(`${base}/jobs/${id}/events`, headers);
    opened.push(source);
    return source;
  };
  const sql = async (text: string, values?: unknown[]) => (await app.database.pool.query(text, values)).rows;
  const dawdle = { type: 'sleep', payload: { ms: 60_000 } };
  /** Ends a job as if its handler had come to the end. */
  const complete = (id: string) =>
    sql(
      `UPDATE jobs SET status = 'COMPLETED', finished_at = now(), updated_at = clock_timestamp(), last_event = 'completed'
       WHERE id = $1`,
      [id],
    );

  test('are first what was, then what happens, then the end', async () => {
    const id = await submit({ type: 'sleep', payload: { ms: 500 } });
    await app.jobWith('PROCESSING', id);
    const source = await follow(id);
    expect(source.status).toBe(200);
    expect(source.headers.get('content-type')).toBe('text/event-stream');
    expect(source.headers.get('cache-control')).toContain('no-store');
    expect(source.headers.get('x-request-id')).toBeTruthy();
    await source.ended;
    expect(source.events).toEqual(['submitted', 'started', 'completed', 'end']);
    const listed = (await app.client.get(`/jobs/${id}/events`)).body.events;
    expect(source.messages.slice(0, 3).map(({ data }) => data)).toEqual(listed);
    expect(source.messages.map((message) => message.id)).toEqual([
      ...listed.map((event: any) => `${event.id}.0`),
      undefined,
    ]);
    expect(source.messages.at(-1)!.data).toEqual({ job_id: id, status: 'COMPLETED' });
  });

  test('arrive within 100 ms of the commit', async () => {
    const delays: number[] = [];
    for (let round = 0; round < 9; round++) {
      const source = await follow(await submit({ type: 'sleep', payload: { ms: 150 } }));
      const { data, at } = await source.heard('completed');
      delays.push(at - Date.parse(data.at));
    }
    expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(SOON_MS);
  });

  test('reach everybody who follows the same job, and nobody else', async () => {
    const [id, other] = [
      await submit({ ...dawdle, schedule_in: 3600 }),
      await submit({ payload: {}, schedule_in: 3600 }),
    ];
    const sources = await Promise.all(Array.from({ length: 20 }, () => follow(id)));
    const stranger = await follow(other);
    await Promise.all([...sources, stranger].map((source) => source.heard('submitted')));
    await complete(id);
    for (const source of sources) {
      await source.ended;
      expect(source.events).toEqual(['submitted', 'completed', 'end']);
    }
    expect(stranger.events).toEqual(['submitted']);
  });

  test('go on after the last that arrived, and 204 tells who has had it all to stay away', async () => {
    const id = await submit({ type: 'fail', payload: { times: 2 }, backoff: { base_delay: 0, jitter: 0 } });
    const whole = await follow(id);
    await whole.ended;
    expect(whole.events).toEqual([
      ...['submitted', 'started', 'failed', 'started', 'failed', 'started', 'completed', 'end'],
    ]);
    for (let index = 0; index < 6; index++) {
      const rest = await follow(id, { 'Last-Event-ID': whole.messages[index]!.id! });
      await rest.ended;
      const messages = (source: EventSource) =>
        source.messages.map(({ event, id, data }) => ({ event, id, data }));
      expect(messages(rest)).toEqual(messages(whole).slice(index + 1));
    }
    const last = { 'Last-Event-ID': whole.messages[6]!.id! };
    expect((await follow(id, last)).status).toBe(204);
    const fromAfter = await EventSource.open(
      `${app.api.ready}/jobs/${id}/events?after=${whole.messages[5]!.data.id}`,
    );
    await fromAfter.ended;
    expect(fromAfter.events).toEqual(['completed', 'end']);

    // Somebody lets it run again: then there is something to follow.
    await sql(
      `UPDATE jobs SET status = 'PENDING', finished_at = NULL, updated_at = clock_timestamp(), last_event = 'retried' WHERE id = $1`,
      [id],
    );
    const again = await follow(id, last);
    expect(again.status).toBe(200);
    await again.heard('retried');
    await complete(id);
    await again.ended;
    expect(again.events).toEqual(['retried', 'completed', 'end']);
  });

  test.each(['nonsense', '1.2.3', '-1', '1e3'])('refuse the Last-Event-ID %s', async (lastEventId) => {
    const source = await follow(await submit({ payload: {} }), { 'Last-Event-ID': lastEventId });
    expect(source.status).toBe(422);
  });

  test('include progress and the lines of the log, which a stream that resumes does not repeat', async () => {
    const id = await submit({ payload: {}, schedule_in: 3600 });
    const log = (message: string) =>
      sql(
        `INSERT INTO job_logs (job_id, attempt, at, level, message) VALUES ($1, 1, clock_timestamp(), 'info', $2)`,
        [id, message],
      );
    const report = (percent: number) =>
      sql(
        `INSERT INTO job_progress (job_id, attempt, percent, message, at) VALUES ($1, 1, $2, 'rows', clock_timestamp())
         ON CONFLICT (job_id) DO UPDATE SET percent = excluded.percent, at = excluded.at`,
        [id, percent],
      );
    await log('one');
    await report(10);
    const source = await follow(id);
    const first = await source.heard('progress');
    expect(source.events).toEqual(['submitted', 'log', 'progress']);
    expect(source.messages[1]!.data).toMatchObject({ attempt: 1, level: 'info', message: 'one' });
    expect(first.data).toEqual({ percent: 10, message: 'rows', attempt: 1, at: expect.stringMatching(/Z$/) });
    await log('two');
    await report(60);
    await eventually(() => source.messages.length === 5, 3_000);
    expect(source.messages[3]!.data).toMatchObject({ message: 'two' });
    expect(source.messages[4]!.data).toMatchObject({ percent: 60 });

    const resumed = await follow(id, { 'Last-Event-ID': source.messages[1]!.id! });
    await resumed.heard('progress');
    expect(resumed.messages.map(({ event, data }) => [event, data.message])).toEqual([
      ['log', 'two'],
      ['progress', 'rows'],
    ]);
    await complete(id);
    await Promise.all([source.ended, resumed.ended]);
    expect([source.events.at(-1), resumed.events.at(-1)]).toEqual(['end', 'end']);
  });

  test('have what the handler says before its end', async () => {
    const source = await follow(await submit({ type: 'speak', payload: { lines: 500 }, schedule_in: 0.3 }));
    await source.ended;
    const logged = source.messages.filter(({ event }) => event === 'log').map(({ data }) => data.message);
    expect(logged).toHaveLength(505);
    expect(logged.filter((text: string) => text.startsWith('line '))).toEqual(
      Array.from({ length: 500 }, (_, line) => `line ${line}`),
    );
    expect(source.messages.findLast(({ event }) => event === 'progress')!.data).toMatchObject({
      percent: 100,
    });
    expect(source.events.filter((event) => event !== 'log' && event !== 'progress')).toEqual([
      ...['submitted', 'started', 'completed', 'end'],
    ]);
  });

  test('end with the job when somebody deletes it', async () => {
    const id = await submit({ payload: {}, schedule_in: 3600 });
    const source = await follow(id);
    await source.heard('submitted');
    await sql('DELETE FROM jobs WHERE id = $1', [id]);
    await source.ended;
    expect(source.messages.at(-1)).toMatchObject({ event: 'end', data: { job_id: id, status: null } });
  });

  test.each(['cut', 'hang'] as const)(
    'survive a database that goes away (%s): nothing is missing and nothing comes twice',
    async (how) => {
      const id = await submit({ payload: {}, schedule_in: 3600 });
      const source = await follow(id, {}, endangered.ready);
      await source.heard('submitted');
      const saidBefore = endangered.output().length;
      proxy[how]();
      await sql(`UPDATE jobs SET updated_at = clock_timestamp(), last_event = 'updated' WHERE id = $1`, [id]);
      await complete(id);
      await eventually(() =>
        endangered.output().slice(saidBefore).includes('Watched jobs cannot be looked at'),
      );
      proxy.mend();
      await source.ended;
      expect(source.events).toEqual(['submitted', 'updated', 'completed', 'end']);
    },
  );

  test('go on when only the connection that listens is lost', async () => {
    const id = await submit({ payload: {}, schedule_in: 3600 });
    const source = await follow(id);
    await source.heard('submitted');
    const listeners = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'roundhouse api % listen'`;
    const [before] = await eventually(async () => {
      const rows = await sql(listeners);
      return rows.length > 0 ? rows : undefined;
    });
    await sql(`SELECT pg_terminate_backend($1)`, [before!.pid]);
    await eventually(async () => (await sql(listeners)).some(({ pid }) => pid !== before!.pid));
    await complete(id);
    await source.ended;
    expect(source.events).toEqual(['submitted', 'completed', 'end']);
  });

  test('are not opened by HEAD, nor for who would rather not have them', async () => {
    const id = await submit({ payload: {}, schedule_in: 3600 });
    const path = `/jobs/${id}/events`;
    const head = await app.client.send('HEAD', path, undefined, { Accept: 'text/event-stream' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const { body } = await app.client.get(path, { Accept: 'application/json, text/event-stream;q=0' });
    expect(body.events).toHaveLength(1);
  });

  test('do not keep a process that stops: it ends at once, and the client knows that there is more to come', async () => {
    const watchers = async () => (await sql('SELECT id FROM job_watchers')).map((row) => row.id as string);
    const others = await watchers();
    const api = await startProduct('api', app.database.url, {}, FIXTURE_APP);
    const id = await submit({ payload: {}, schedule_in: 3600 });
    const sources = await Promise.all(Array.from({ length: 10 }, () => follow(id, {}, api.ready)));
    await Promise.all(sources.map((source) => source.heard('submitted')));
    const own = await eventually(async () => (await watchers()).find((watcher) => !others.includes(watcher)));
    const startedAt = performance.now();
    expect(await api.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(3 * SOON_MS);
    for (const source of sources) {
      await source.ended;
      expect(source.events).toEqual(['submitted']);
    }
    expect(await watchers()).not.toContain(own);
  });
});
