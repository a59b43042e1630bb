import { eventually } from '../support/eventually.js';
import { type JokesServer, startJokesServer } from '../support/jokes-server.js';
import { KEYS_ONLY, startLockedApp } from '../support/keys.js';
import { dashboards, ruleFiles } from '../support/monitoring-files.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import { Prometheus, configurationFor, describeWithPrometheus, promtool } from '../support/prometheus.js';
import type { App } from '../support/start-app.js';
import { busyMetricsPort, portOf } from '../support/worker-port.js';

const COMPLETED = 20;
const FAILED = 6;

/** Expressions that find nothing in a sound system, and why. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  'count by (severity, alertname) (ALERTS{alertstate="firing"})': 'no alert fires within seconds',
};

/** What promtool says against names, and why they stay. */
const KNOWN_COMPLAINTS = [
  /^jobs_(pending|processing)_count /, // So they are called where they were agreed upon.
  /^jobs_ledger_gap_total /, // It has been in use, and in alerts, for longer than this rule.
  /^(nodejs|process)_/, // prom-client's.
];

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** The metrics that an expression of ours asks for. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right) *\([^)]*\)/g, ' ');
  return [...bare.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?! *\()(?![\w:])/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}

/** As Grafana would ask it, with all queues, types and processes. */
function asked(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replace(/\$\{?\w+\}?/g, '.*');
}

const panels = dashboards().flatMap(({ title, panels: all }) =>
  all.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => ({ where: `${title}, ${panel.title}`, expr })),
  ),
);
const variables = dashboards().flatMap(({ templating }) =>
  templating.list.filter(({ type }) => type === 'query'),
);

describeWithPrometheus('the files for Prometheus', () => {
  test('are a configuration and rules', () => {
    const { file, remove } = configurationFor({ api: [], workers: [], token: 'none' });
    expect(promtool(['check', 'config', file])).toContain('SUCCESS');
    expect(promtool(['check', 'rules', ...ruleFiles('rules')])).toContain('SUCCESS');
    remove();
  });

  test.each(ruleFiles('tests'))('let alerts fire when they must, and only then: %s', (file) => {
    expect(promtool(['test', 'rules', file])).toContain('SUCCESS');
  });
});

/** An objective for every queue, so that there are figures of it. */
const OBJECTIVE = { DEFAULT_OBJECTIVE: '95% in 10s' };

describeWithPrometheus('a Prometheus that scrapes two API processes and two workers', () => {
  let app: App;
  let secondApi: ProductProcess;
  let jokes: JokesServer;
  let prometheus: Prometheus;
  let workerUrl: string;
  let headers: Record<string, string>;
  let removeConfiguration: (() => void) | undefined;
  beforeAll(async () => {
    jokes = await startJokesServer();
    jokes.mode = 'error';
    const locked = await startLockedApp('monitoring', 0, { API_BASE_URL: jokes.url, ...OBJECTIVE });
    app = locked.app;
    headers = await locked.allowed('admin');
    secondApi = await startProduct('api', app.database.url, { ...KEYS_ONLY, ...OBJECTIVE });
    const { token } = await locked.keys.create(
      { name: 'prometheus', scopes: ['jobs:read'], expiresAt: null },
      'test',
    );
    const workers = [await addWorker(), await addWorker()];
    workerUrl = workers[0]!;
    const configuration = configurationFor({ api: [app.api.ready, secondApi.ready], workers, token });
    removeConfiguration = configuration.remove;
    prometheus = await Prometheus.start(configuration.file);
    await eventually(async () => (await prometheus.value('sum(up)')) === 4);
    await work();
  });
  afterAll(async () => {
    await prometheus?.stop();
    removeConfiguration?.();
    await secondApi?.stop();
    await app?.stop();
    await jokes?.stop();
  });

  async function addWorker(): Promise<string> {
    const busy = await busyMetricsPort();
    const worker = await app.addWorker({ WORKER_METRICS_PORT: String(busy.port) });
    const url = await portOf(worker);
    busy.free();
    return url;
  }

  /** Jobs that complete, that fail after a retry, and one that is cancelled while it waits. */
  async function work(): Promise<void> {
    const submit = async (job: object) => {
      const { status, body } = await app.client.post('/jobs', job, headers);
      expect(status).toBe(201);
      return body.job_id as string;
    };
    for (let n = 0; n < COMPLETED; n++) await submit({ payload: { n } });
    const failing = {
      type: 'fetch-joke',
      payload: {},
      max_attempts: 2,
      backoff: { base_delay: 0, max_delay: 0, jitter: 0 },
    };
    for (let n = 0; n < FAILED; n++) await submit(failing);
    const later = await submit({ payload: {}, schedule_in: 3600 });
    expect((await app.client.post(`/jobs/${later}/cancel`, undefined, headers)).status).toBe(200);
    await eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT FROM jobs WHERE status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
      );
      return rows.length === 0;
    });
  }

  test('reads all of them with the configuration that is delivered, the API with a key', async () => {
    const targets = await prometheus.targets();
    expect(
      targets.map(({ scrapePool, health, lastError }) => [scrapePool, health, lastError]).sort(),
    ).toEqual([
      ['roundhouse-api', 'up', ''],
      ['roundhouse-api', 'up', ''],
      ['roundhouse-worker', 'up', ''],
      ['roundhouse-worker', 'up', ''],
    ]);
    expect((await fetch(`${app.api.ready}/metrics`)).status).toBe(401);
  });

  test('finds every job counted once, wherever it was accepted, run or cancelled', async () => {
    const expected: Record<string, number> = {
      'sum(jobs_created_total)': COMPLETED + FAILED + 1,
      'sum(jobs_completed_total)': COMPLETED,
      'sum(jobs_retried_total)': FAILED,
      'sum(jobs_failed_total)': FAILED,
      'sum(jobs_cancelled_total)': 1,
      'sum(job_duration_seconds_count)': COMPLETED + 2 * FAILED,
      'sum(job_queue_wait_seconds_count)': COMPLETED + 2 * FAILED,
    };
    await eventually(async () => {
      for (const [expression, value] of Object.entries(expected))
        expect([expression, await prometheus.value(expression)]).toEqual([expression, value]);
      return true;
    });
  });

  test('finds the state of the database in both API processes, and counts it once by its maximum', async () => {
    await eventually(async () => (await prometheus.value('sum(queue:queue_dead_letters:max)')) === FAILED);
    await eventually(async () => (await prometheus.value(`count(queue_dead_letters == ${FAILED})`)) === 2);
    expect(await prometheus.value('max(workers_alive)')).toBe(2);
    expect(await prometheus.value('min(database_up)')).toBe(1);
    expect(await prometheus.query('database_up')).toHaveLength(4);
    expect(
      await prometheus.query(
        '{job="roundhouse-worker", __name__=~"queue_.+|workers_alive|jobs_(pending|processing)_count"}',
      ),
    ).toEqual([]);
  });

  test.each(panels.map(({ where, expr }) => [where, expr] as const))('%s: %s', async (_, expr) => {
    // The audit, which some of them are about, looks every 25 s.
    await eventually(async () => {
      const existing = await prometheus.metricNames();
      for (const name of metricsIn(expr)) expect([...existing, 'ALERTS']).toContain(name);
      const found = await prometheus.query(asked(expr));
      return found.length > 0 || MAY_BE_EMPTY[expr] !== undefined;
    }, 40_000);
  });

  test.each(variables.map(({ name, query }) => [name, query] as const))(
    'the variable %s has values: %s',
    async (_, query) => {
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(query)!;
      const found = await prometheus.query(`count by (${label!}) (${selector!})`);
      expect(found.filter(({ metric }) => metric[label!])).not.toEqual([]);
    },
  );

  test('evaluates every rule, of metrics that there are', async () => {
    const rules = await eventually(async () => {
      const all = await prometheus.rules();
      return all.every(({ health }) => health !== 'unknown') ? all : undefined;
    });
    await eventually(
      async () => (await prometheus.metricNames()).has('jobs_audited_timestamp_seconds'),
      40_000,
    );
    const existing = await prometheus.metricNames();
    const recorded = rules.filter(({ type }) => type === 'recording').map(({ name }) => name);
    for (const { name, query, health, lastError } of rules) {
      expect([name, health, lastError]).toEqual([name, 'ok', undefined]);
      for (const metric of metricsIn(query))
        expect([name, [...existing, ...recorded]]).toEqual([name, expect.arrayContaining([metric])]);
    }
    expect(rules.filter(({ type }) => type === 'alerting').length).toBeGreaterThan(15);
  });

  test('has data in every recording rule of what ran here', async () => {
    const rules = (await prometheus.rules()).filter(({ type }) => type === 'recording');
    for (const { name } of rules)
      await eventually(
        async () =>
          (await prometheus.query(name)).length > 0 || Promise.reject(new Error(`${name} has no data`)),
      );
  });

  test('is about to say that jobs fail, and nothing else', async () => {
    const noticed = await eventually(async () => {
      const all = await prometheus.rules();
      return all.some(({ name, state }) => name === 'JobsFailing' && state === 'pending') ? all : undefined;
    });
    const names = noticed
      .filter(({ type, state }) => type === 'alerting' && state !== 'inactive')
      .map(({ name }) => name);
    expect(names).toEqual(['JobsFailing']);
  });

  test('gets what promtool takes for well-made metrics', async () => {
    for (const [base, wanted] of [
      [app.api.ready, headers],
      [workerUrl, {}],
    ] as const) {
      const text = await (await fetch(`${base}/metrics`, { headers: wanted })).text();
      let complaints = '';
      try {
        promtool(['check', 'metrics'], text);
      } catch (error) {
        complaints = (error as Error).message.replace('promtool check metrics: ', '');
      }
      const others = complaints
        .split('\n')
        .filter((line) => line !== '' && !KNOWN_COMPLAINTS.some((known) => known.test(line)));
      expect(others).toEqual([]);
    }
  });

  test('says that nobody answers when nobody does, and keeps what it knows of the database apart from that', async () => {
    await secondApi.stop();
    await eventually(async () => (await prometheus.value('sum(up{job="roundhouse-api"})')) === 1);
    await eventually(async () =>
      (await prometheus.rules()).some(({ name, state }) => name === 'TargetDown' && state === 'pending'),
    );
    expect(await prometheus.value('max(queue_dead_letters)')).toBe(FAILED);
  });
});
