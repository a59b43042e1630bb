import { eventually } from '../support/eventually.js';
import { ExternalWorker } from '../support/external-worker.js';
import { Metrics } from '../support/metrics.js';
import { textOf } from '../support/monitoring-files.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

/** What prom-client says of Node.js, which the page names by its prefixes. */
const DEFAULTS = /^(nodejs|process)_/;

/** Of a worker. */
const SLOTS = 10;

/** Long enough for a machine that is busy, and less than the database's own patience of three seconds. */
const SCRAPE_MS = 2_500;

interface Seen {
  readonly type: string;
  readonly labels: Set<string>;
}

/** The metrics of a scrape; labels of those that have samples. */
function seenIn({ text }: Metrics): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm))
    if (!DEFAULTS.test(name!)) seen.set(name!, { type: type!, labels: new Set() });
  for (const [, sample, labels = ''] of text.matchAll(/^(\w+)\{(.*)\} \S+$/gm)) {
    const metric = seen.get(sample!) ?? seen.get(sample!.replace(/_(bucket|sum|count)$/, ''));
    for (const [, label] of labels.matchAll(/(\w+)="/g)) if (label !== 'le') metric?.labels.add(label!);
  }
  return seen;
}

/** The table of docs/metrics.md. */
function documented() {
  const rows = textOf('docs/metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \| (\w+) \|([^|]*)\| ([^|]+) \|$/gm);
  return new Map(
    [...rows].map(([, name, type, process, labels, meaning]) => [
      name!,
      {
        type: type!,
        process: process!,
        labels: labels!
          .split(/, */)
          .map((label) => label.trim())
          .filter(Boolean),
        meaning,
      },
    ]),
  );
}

describe('metrics', () => {
  let app: App;
  let worker: ProductProcess;
  let workerUrl: string;
  beforeAll(async () => {
    app = await startApp('true metrics', {
      workers: 0,
      program: FIXTURE_APP,
      environment: { STALLED_WORKER_TIMEOUT: '5' },
    });
    [worker, workerUrl] = await addWorker();
  });
  afterAll(() => app?.stop());

  async function addWorker(): Promise<[ProductProcess, string]> {
    const busy = await busyMetricsPort();
    const started = await app.addWorker({ WORKER_METRICS_PORT: String(busy.port) });
    const url = await portOf(started);
    busy.free();
    return [started, url];
  }

  const submit = async (job: object) => {
    const { status, body } = await app.client.post('/jobs', job);
    expect(status).toBe(201);
    return body.job_id as string;
  };

  const running = async ({ child }: ProductProcess) => {
    const { rows } = await app.database.pool.query<{ count: number }>(
      `SELECT count(*)::int FROM jobs j JOIN workers w ON w.id = j.worker_id WHERE w.pid = $1 AND j.status = 'PROCESSING'`,
      [child.pid],
    );
    return rows[0]!.count;
  };

  /** The sums over the API and these workers. */
  const sums = async (series: readonly string[], workers = [workerUrl]) => {
    const scraped = await Promise.all([app.api.ready, ...workers].map((url) => Metrics.of(url)));
    return series.map((one) => scraped.reduce((sum, metrics) => sum + (metrics.value(one) ?? 0), 0));
  };

  test('are those of docs/metrics.md, with the types, processes and labels that it says, and no others', async () => {
    await app.jobWith('COMPLETED', await submit({ payload: {} }));
    const table = documented();
    const [api, worked] = [seenIn(await Metrics.of(app.api.ready)), seenIn(await Metrics.of(workerUrl))];
    for (const [process, seen] of [
      ['api', api],
      ['worker', worked],
    ] as const) {
      const expected = [...table]
        .filter(([, row]) => row.process === process || row.process === 'both')
        .map(([name]) => name);
      expect([process, [...seen.keys()].sort()]).toEqual([process, expected.sort()]);
      for (const [name, { type, labels }] of seen) {
        expect([name, type]).toEqual([name, table.get(name)!.type]);
        if (labels.size > 0)
          expect([name, [...labels].sort()]).toEqual([name, table.get(name)!.labels.toSorted()]);
      }
    }
  });

  test('count what external workers end, and what they leave, once', async () => {
    const declared = JSON.stringify({
      description: 'For tests.',
      queue: 'outside',
      max_attempts: 2,
      backoff: { base_delay: 0, jitter: 0 },
    });
    expect((await app.client.send('PUT', '/job-types/outside', declared)).status).toBe(201);
    const [done, left] = [
      await submit({ type: 'outside', payload: {} }),
      await submit({ type: 'outside', payload: {} }),
    ];
    const external = new ExternalWorker(app.api.ready, { queues: ['outside'], lease_seconds: 5 });
    const first = await external.leaseOne();
    expect((await external.say(first, 'complete', { result: 1 })).status).toBe(200);
    await external.leaseOne();
    // Nobody says a word any more: the lease runs out, and whoever notices counts it.
    const again = await external.leaseOne();
    expect(
      (await external.say(again, 'fail', { error: { name: 'Error', message: 'no' }, permanent: true }))
        .status,
    ).toBe(200);
    await app.jobWith('COMPLETED', done);
    await app.jobWith('FAILED', left);
    const label = '{job_type="outside"}';
    expect(
      await sums([
        `jobs_created_total${label}`,
        `jobs_completed_total${label}`,
        `jobs_recovered_total${label}`,
        `jobs_retried_total${label}`,
        `jobs_failed_total${label}`,
        `job_queue_wait_seconds_count${label}`,
      ]),
    ).toEqual([2, 1, 1, 1, 1, 3]);
  });

  test('count cancelled jobs once: those that waited, those because of others, and those that ran', async () => {
    const label = '{job_type="sleep"}';
    const parent = await submit({ type: 'sleep', payload: { ms: 0 }, schedule_in: 3600 });
    const child = await submit({ type: 'sleep', payload: { ms: 0 }, depends_on: [parent] });
    expect((await app.client.post(`/jobs/${parent}/cancel`)).status).toBe(200);
    await app.jobWith('CANCELLED', child);
    expect(await sums([`jobs_cancelled_total${label}`])).toEqual([2]);

    const busy = await submit({ type: 'sleep', payload: { ms: 60_000 } });
    await app.jobWith('PROCESSING', busy);
    await app.client.post(`/jobs/${busy}/cancel`);
    await app.jobWith('CANCELLED', busy);
    await eventually(async () => (await sums([`jobs_cancelled_total${label}`]))[0] === 3);

    const failing = await submit({ type: 'fail', payload: {}, max_attempts: 1, schedule_in: 1 });
    const fallen = await submit({ type: 'sleep', payload: { ms: 0 }, depends_on: [failing] });
    await app.jobWith('CANCELLED', fallen);
    await eventually(async () => (await sums([`jobs_cancelled_total${label}`]))[0] === 4);
  });

  test('count what a killed worker has left where it was taken back, and lose no more than that worker had counted', async () => {
    const [victim, victimUrl] = await addWorker();
    // As many as both have slots: each holds its own, and neither gives any back.
    const ids = await Promise.all(
      Array.from({ length: 2 * SLOTS }, () => submit({ type: 'sleep', payload: { ms: 60_000, times: 1 } })),
    );
    await eventually(async () => (await running(victim)) === SLOTS && (await running(worker)) === SLOTS);
    const label = '{job_type="sleep"}';
    expect(await sums([`jobs_recovered_total${label}`], [workerUrl, victimUrl])).toEqual([0]);
    await victim.stop('SIGKILL');
    app.workers.splice(app.workers.indexOf(victim), 1);
    await eventually(async () => {
      expect(await sums([`jobs_recovered_total${label}`, `jobs_retried_total${label}`])).toEqual([
        SLOTS,
        SLOTS,
      ]);
      return true;
    }, 30_000);
    for (const id of ids) await app.client.post(`/jobs/${id}/cancel`);
    await eventually(async () => (await running(worker)) === 0, 30_000);
  });

  test('bound the labels, however many types and queues people make up', async () => {
    const types = Array.from({ length: 110 }, (_, n) => `made-up-${n}`);
    for (const type of types) {
      const declared = JSON.stringify({ description: 'For tests.', queue: `queue-of-${type}` });
      expect((await app.client.send('PUT', `/job-types/${type}`, declared)).status).toBe(201);
      await submit({ type, payload: {} });
    }
    const { text } = await eventually(async () => {
      const metrics = await Metrics.of(app.api.ready);
      return metrics.value('queue_depth{queue="_other"}') ? metrics : undefined;
    });
    const madeUp = new Set([...text.matchAll(/job_type="(made-up-\d+|outside)"/g)].map(([, type]) => type));
    expect(madeUp.size).toBe(100);
    expect(text).toMatch(/^jobs_created_total\{job_type="_other"\} 11$/m);
    const queues = new Set([...text.matchAll(/^queue_depth\{queue="([^"]+)"\}/gm)].map(([, queue]) => queue));
    expect(queues.size).toBe(101);
  });

  test('say of requests that were meant to wait that they were', async () => {
    await app.client.post('/jobs', { payload: { n: 1 } }, { Prefer: 'wait=10' });
    await new ExternalWorker(app.api.ready, { queues: ['nothing'] }).lease({ wait: 1 });
    await eventually(async () => {
      const metrics = await Metrics.of(app.api.ready);
      const count = (route: string) =>
        metrics.value(
          `http_request_duration_seconds_count{method="POST",route="${route}",status="2xx",held="yes"}`,
        );
      return count('/jobs') === 1 && count('/leases')! > 0;
    });
    const { leave } = new ExternalWorker(app.api.ready, { queues: ['nothing'] }).askAndLeave({ wait: 20 });
    const held = async () => (await Metrics.of(app.api.ready)).value('http_requests_held{kind="lease"}');
    await eventually(async () => (await held()) === 1);
    leave();
    await eventually(async () => (await held()) === 0);
  });

  test('answer soon while the database hangs, say so, and leave out what nobody knows', async () => {
    const proxy = await startTcpProxy(app.database.url);
    const busy = await busyMetricsPort();
    const [api, other] = await Promise.all([
      startProduct('api', proxy.url),
      startProduct('worker', proxy.url, { WORKER_METRICS_PORT: String(busy.port) }),
    ]);
    busy.free();
    try {
      const urls = [api.ready, await portOf(other)];
      for (const url of urls) expect((await Metrics.of(url)).value('database_up')).toBe(1);
      proxy.hang();
      for (const url of urls) {
        await eventually(async () => (await Metrics.of(url)).value('database_up') === 0);
        const startedAt = performance.now();
        const metrics = await Metrics.of(url);
        expect(performance.now() - startedAt).toBeLessThan(SCRAPE_MS);
        expect(metrics.value('database_up')).toBe(0);
        expect(metrics.text).not.toMatch(
          /^(queue_|jobs_(pending|processing)_count|jobs_blocked|workers_\w+|schedules|webhook_|workflows_running|circuit_open)[^\n]* \S+$/m,
        );
        expect(metrics.value('process_cpu_seconds_total')).toBeGreaterThan(0);
      }
      proxy.mend();
      for (const url of urls)
        await eventually(async () => (await Metrics.of(url)).value('database_up') === 1, 30_000);
    } finally {
      await Promise.all([api.stop('SIGKILL'), other.stop('SIGKILL')]);
      await proxy.stop();
    }
  });

  test('say of a worker how many slots it has, and how many of them are busy', async () => {
    expect(worker.child.exitCode).toBeNull();
    const metrics = await Metrics.of(workerUrl);
    expect(metrics.value('worker_slots')).toBe(SLOTS);
    const busy = await submit({ type: 'sleep', payload: { ms: 60_000 }, queue: 'slots' });
    await app.jobWith('PROCESSING', busy);
    await eventually(async () => (await Metrics.of(workerUrl)).value('worker_slots_busy') === 1);
    await app.client.post(`/jobs/${busy}/cancel`);
    await app.jobWith('CANCELLED', busy);
  });
});
