import { eventually } from '../support/eventually.js';
import { HungBackends } from '../support/hung-backends.js';
import { Client } from '../support/http.js';
import { Metrics } from '../support/metrics.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';

const LONG_ENOUGH = 30_000;

/** The connections of a worker that claims, settles and most else go by. */
const HOT = '^roundhouse worker [^ ]+$';

const STRANDED = 'The answer to this claim was lost before the attempt began';

/** Any number: whoever starts the job that is to hang waits for this lock, in the midst of the claim. */
const TRAP = 4711;

describe('a worker whose connections to the database hang', () => {
  let server: OwnPostgres;
  let hung: HungBackends;
  let api: ProductProcess;
  let worker: ProductProcess;
  let client: Client;
  let isAble = false;
  beforeAll(async () => {
    server = await startOwnPostgres();
    hung = new HungBackends(server.pool);
    const environment = { CANARY_TIMEOUT: '5', CANARY_INTERVAL: '0', STALLED_WORKER_TIMEOUT: '10' };
    [api, worker] = await Promise.all([
      startProduct('api', server.url, environment, FIXTURE_APP),
      startProduct('worker', server.url, { ...environment, WORKER_CONCURRENCY: '2' }, FIXTURE_APP),
    ]);
    client = new Client(api.ready);
    isAble = await hung.areInReach();
    if (!isAble) console.log('Skipped: this user may not send signals to the processes of the server');
    await server.pool.query(`
      CREATE FUNCTION fall_into_the_trap() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM set_config('lock_timeout', '0', true);
        PERFORM pg_advisory_xact_lock_shared(${TRAP});
        RETURN NEW;
      END $$;
      CREATE TRIGGER trap BEFORE UPDATE ON jobs FOR EACH ROW
        WHEN (NEW.status = 'PROCESSING' AND NEW.payload ? 'trap') EXECUTE FUNCTION fall_into_the_trap()`);
  });
  afterAll(async () => {
    hung?.goOnAll();
    await Promise.all([api?.stop(), worker?.stop()]);
    await server?.stop();
  });

  const submit = async (queue: string, payload: object = {}, type = 'echo'): Promise<string> => {
    const { status, body } = await client.post('/jobs', { type, queue, payload });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body.job_id as string;
  };
  const jobWith = (status: string, id: string) =>
    eventually(async () => {
      const { body } = await client.get(`/jobs/${id}`);
      if (body.status !== status) throw new Error(`${id} is ${body.status}, attempt ${body.attempts}`);
      return body;
    }, LONG_ENOUGH);
  /** Submits a job, and leaves the server process that starts it hanging in the midst of the claim. */
  const hangClaimOf = async (queue: string): Promise<string> => {
    const other = await server.pool.connect();
    try {
      await other.query('SELECT pg_advisory_lock($1)', [TRAP]);
      const id = await submit(queue, { trap: true });
      await eventually(() => hung.hangWaiting(HOT));
      return id;
    } finally {
      await other.query('SELECT pg_advisory_unlock_all()');
      other.release();
    }
  };
  const workers = async () => (await client.get('/workers')).body.workers as Record<string, unknown>[];
  const takingNothing = async () => (await workers()).map((each) => each.takes_nothing);
  const gauges = async () => {
    const metrics = await Metrics.of(api.ready);
    return ['workers_alive', 'workers_taking_jobs', 'workers_taking_nothing'].map((name) =>
      metrics.value(name),
    );
  };
  const expectWhole = async () => {
    const { rows } = await server.pool.query(`
      SELECT j.id, j.status, j.attempts,
             (SELECT count(*)::int FROM job_events e WHERE e.job_id = j.id AND e.event = 'started') AS started,
             (SELECT count(*)::int FROM job_events e WHERE e.job_id = j.id AND e.event = 'completed') AS completed
      FROM jobs j`);
    const sound = rows.filter(
      (job) => job.status === 'COMPLETED' && job.started === job.attempts && job.completed === 1,
    );
    expect(rows.filter((job) => !sound.includes(job))).toEqual([]);
    expect(worker.child.exitCode).toBeNull();
  };

  test('gives them up and takes jobs by others; what they claim when they go on is not stranded', async () => {
    if (!isAble) return;
    // Other questions of the worker may be what a hung connection is asked; the claim has to be.
    while (!worker.output().includes('No jobs can be claimed right now: The connection was lost')) {
      await hung.hangIdle(HOT);
      await jobWith('COMPLETED', await submit('default'));
    }
    expect(await hung.count()).toBeGreaterThan(0);
    expect((await workers()).map((each) => each.state)).toEqual(['running']);
    const long = await Promise.all([1, 2].map(() => submit('default', { ms: 15_000 }, 'sleep')));
    for (const id of long) await jobWith('PROCESSING', id);
    const waiting = await Promise.all([1, 2, 3].map(() => submit('default')));
    hung.goOnAll();
    // The claims that were given up are made now, and nobody hears what they bring.
    const stranded = await eventually(async () => {
      const all = await Promise.all(waiting.map((id) => client.get(`/jobs/${id}/attempts`)));
      return all.flatMap(({ body }) => body.attempts).find(({ error }) => error?.message === STRANDED);
    }, LONG_ENOUGH);
    expect(stranded).toMatchObject({ outcome: 'interrupted' });
    for (const id of [...long, ...waiting]) await jobWith('COMPLETED', id);
    for (const id of long) expect((await client.get(`/jobs/${id}`)).body.result.attempt).toBe(1);
    await expectWhole();
  }, 240_000);

  test('takes other jobs than those that a hung claim holds, and those when it goes on', async () => {
    if (!isAble) return;
    const held = await hangClaimOf('default');
    const others = await Promise.all([1, 2, 3].map(() => submit('default')));
    for (const id of others) await jobWith('COMPLETED', id);
    expect(await hung.count()).toBe(1);
    expect((await client.get(`/jobs/${held}`)).body.status).toBe('PENDING');
    hung.goOnAll();
    await jobWith('COMPLETED', held);
    await expectWhole();
  }, 120_000);

  test('is seen as taking nothing while a hung claim holds its queue, and takes jobs when that goes on', async () => {
    if (!isAble) return;
    const limits = JSON.stringify({ limits: { concurrency: 5 } });
    await jobWith('COMPLETED', await submit('limited'));
    expect((await client.send('PATCH', '/queues/limited', limits, { 'If-Match': '*' })).status).toBe(200);
    await jobWith('COMPLETED', await submit('limited'));
    expect(await takingNothing()).toEqual([false]);
    const held = await hangClaimOf('limited');
    const since = performance.now();
    await eventually(async () => (await takingNothing())[0], LONG_ENOUGH);
    console.log(`seen as taking nothing after ${Math.round(performance.now() - since)} ms`);
    expect((await client.get('/admin/stats')).body.workers_taking_nothing).toBe(1);
    expect(await client.get('/health')).toMatchObject({
      status: 200,
      body: { status: 'ok', info: { worker: { alive: 1, taking_nothing: 1, message: expect.any(String) } } },
    });
    await eventually(async () => String(await gauges()) === '1,0,1');
    await worker.says('Nothing can be claimed from queue \\"limited\\"');
    expect(await hung.count()).toBe(1);
    hung.goOnAll();
    await jobWith('COMPLETED', held);
    await eventually(async () => !(await takingNothing())[0], LONG_ENOUGH);
    await eventually(async () => String(await gauges()) === '1,1,0');
    await jobWith('COMPLETED', await submit('limited'));
    await expectWhole();
  }, 240_000);

  test('ends in good order while some hang for good', async () => {
    if (!isAble) return;
    await hangClaimOf('default');
    await hung.hangIdle(HOT);
    expect(await worker.stop()).toBe(0);
    expect(await hung.count()).toBeGreaterThan(0);
  }, 120_000);
});
