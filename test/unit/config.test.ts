import { ConfigError, resolveConfig } from '../../src/config/index.js';

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    resolveConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
  return [];
}

describe('the settings of a process', () => {
  test('have defaults, and nobody can change them', () => {
    const config = resolveConfig({});
    expect(config).toMatchObject({
      role: 'all',
      database: { source: 'embedded', url: undefined, directUrl: undefined, poolMax: 20 },
      http: { host: '127.0.0.1', port: 8000, maxPayloadBytes: 1_048_576 },
      worker: {
        metricsPort: 8001,
        queues: [{ queue: '*', slots: undefined }],
        concurrency: 10,
        shutdownSeconds: 30,
        deadAfterSeconds: 30,
        canarySeconds: 60,
        canaryTimeoutSeconds: 30,
      },
      jobs: { timeoutSeconds: 300, jitter: 0.1, stalledAfterSeconds: 600 },
      jokes: {
        baseUrl: 'https://api.chucknorris.io',
        maxAttempts: 5,
        baseDelaySeconds: 2,
        maxDelaySeconds: 300,
      },
      egress: { allowHttp: false, allowPrivate: false },
      periodic: { enabled: true, stalledCheckMinutes: 10 },
      logLevel: 'info',
      warnings: [],
    });
    for (const part of [
      config,
      config.database,
      config.worker,
      config.worker.queues,
      config.worker.queues[0],
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test('take an objective in words', () => {
    const objectiveOf = (text: string) => resolveConfig({ DEFAULT_OBJECTIVE: text }).jobs.objective;
    expect(objectiveOf('95% in 10s')).toEqual({ startWithin: 10, target: 0.95 });
    expect(objectiveOf('99.9 % in 0.5 s')).toEqual({ startWithin: 0.5, target: 0.999 });
    expect(objectiveOf('')).toBeUndefined();
    for (const text of ['100% in 10s', '0% in 10s', '95% in 0s', '95% in 90000s', '95 in 10', 'soon'])
      expect(faultsOf({ DEFAULT_OBJECTIVE: text })).toEqual([
        expect.stringContaining('must look like "95% in 10s"'),
      ]);
  });

  test('that are set to nothing are not set', () => {
    const { processId } = resolveConfig({});
    expect({ ...resolveConfig({ PORT: '', DATABASE_URL: '' }), processId }).toEqual({
      ...resolveConfig({}),
      processId,
    });
  });

  test('are all checked at once, each fault with the value and what it may be', () => {
    const faults = faultsOf({
      ROLE: 'boss',
      PORT: '80000',
      DB_POOL_MAX: '3.5',
      WORKER_TIMEOUT: 'long',
      DATABASE_URL: 'mysql://localhost/x',
      API_BASE_URL: 'ftp://example.org',
      PERIODIC_TASKS_ENABLED: 'maybe',
      WORKER_QUEUES: 'emails:0',
      RETRY_JITTER: '2',
      LOG_LEVEL: 'loud',
    });
    expect(faults).toHaveLength(10);
    expect(faults).toEqual(
      expect.arrayContaining([
        'PORT must be a whole number from 0 to 65535, not "80000"',
        'DB_POOL_MAX must be a whole number from 8 to 500, not "3.5"',
        'WORKER_TIMEOUT must be a number from 0 to 86400, not "long"',
        'ROLE must be one of all, api, worker, not "boss"',
        'RETRY_JITTER must be a number from 0 to 1, not "2"',
        'PERIODIC_TASKS_ENABLED must be true or false, not "maybe"',
      ]),
    );
    expect(() => resolveConfig({ PORT: 'x', ROLE: 'y' })).toThrow(
      /settings:\n {2}- (PORT|ROLE) .+\n {2}- (PORT|ROLE) /,
    );
  });

  test.each([
    [{ JOB_TIMEOUT: '10' }, 'JOB_TIMEOUT (10) must exceed the 10 s an HTTP request may take'],
    [{ STALLED_JOB_THRESHOLD: '300' }, 'STALLED_JOB_THRESHOLD (300) must exceed JOB_TIMEOUT (300)'],
    [{ STALLED_JOB_CHECK_INTERVAL: '7' }, 'STALLED_JOB_CHECK_INTERVAL must divide 60'],
    [
      { RETRY_BASE_DELAY: '5', RETRY_MAX_DELAY: '4' },
      'RETRY_MAX_DELAY (4) must not be below RETRY_BASE_DELAY (5)',
    ],
  ])('must agree with each other: %j', (env, fault) => {
    expect(faultsOf(env)).toEqual([expect.stringContaining(fault)]);
  });

  test('name a database in the seeds’ ways too', () => {
    expect(resolveConfig({ DATABASE_URL: 'postgresql+asyncpg://u:p@h:1/d' }).database).toMatchObject({
      source: 'url',
      url: 'postgresql://u:p@h:1/d',
      directUrl: 'postgresql://u:p@h:1/d',
    });
    expect(resolveConfig({ PROCRASTINATE_DATABASE_URL: 'postgres://h/d' }).database.url).toBe(
      'postgres://h/d',
    );
    const both = { DATABASE_URL: 'postgres://pooler/d', DATABASE_DIRECT_URL: 'postgres://server/d' };
    expect(resolveConfig(both).database).toMatchObject({
      url: both.DATABASE_URL,
      directUrl: both.DATABASE_DIRECT_URL,
    });
    expect(resolveConfig({ PGHOST: 'h' }).database).toMatchObject({ source: 'libpq', url: undefined });
    expect(resolveConfig({ PGHOST: 'h', DATABASE_URL: 'postgres://x/d' }).database.source).toBe('url');
  });

  test('take words in any case and truth in several', () => {
    expect(resolveConfig({ ROLE: 'Worker', LOG_LEVEL: 'WARN' })).toMatchObject({
      role: 'worker',
      logLevel: 'warn',
    });
    for (const no of ['false', '0', 'no', 'OFF']) {
      expect(resolveConfig({ PERIODIC_TASKS_ENABLED: no }).periodic.enabled).toBe(false);
    }
  });

  test('warn of what works but is probably not meant', () => {
    expect(resolveConfig({ WORKER_QUEUES: 'a:1', WORKER_CONCURRENCY: '5' }).warnings).toEqual([
      expect.stringContaining('WORKER_CONCURRENCY is ignored'),
    ]);
    expect(resolveConfig({ HOST: '0.0.0.0', AUTH_MODE: 'open' }).warnings).toEqual([
      expect.stringContaining('answers everybody'),
    ]);
    expect(resolveConfig({ HOST: '0.0.0.0' }).warnings).toEqual([]);
    expect(resolveConfig({ HTTP_ALLOW_PRIVATE: 'true' }).warnings).toEqual([
      expect.stringContaining('reaches the services in this network'),
    ]);
  });
});

describe('a variable that is no setting', () => {
  test.each([
    ['AUTHMODE', 'AUTH_MODE'],
    ['SECRET_KEY', 'SECRETS_KEY'],
    ['OIDC_ISSUR', 'OIDC_ISSUER'],
    ['http_ratelimit', 'HTTP_RATE_LIMIT'],
    ['SECRET_KEY_FILE', 'SECRETS_KEY_FILE'],
  ])('is told when it looks like one: %s', (name, meant) => {
    expect(resolveConfig({ [name]: 'x' }).warnings).toEqual([
      `${name} is ignored, for there is no such setting: ${meant} is probably meant`,
    ]);
  });

  test.each([
    { HOME: '/root', SHELL: 'sh', PATH: '/bin', PGHOST: 'x', LANG: 'C', PORTS: '1', HOSTS: 'a' },
    { HTTP_PROXY: 'x', NODE_ENV: 'test', OTEL_EXPORTER_OTLP_HEADERS: 'a=b', ROUNDHOUSE_URL: 'x' },
    { AUTHMODE: '' },
    { AUTHMODE: 'keys', AUTH_MODE: 'keys' },
  ])('is left alone when it does not, or when that is set: %j', (env) => {
    expect(resolveConfig(env).warnings).toEqual([]);
  });
});

describe('AUTH_MODE', () => {
  test.each([
    [{}, 'open'],
    [{ HOST: '::1' }, 'open'],
    [{ HOST: '0.0.0.0' }, 'keys'],
    [{ HOST: '0.0.0.0', AUTH_MODE: 'open' }, 'open'],
    [{ AUTH_MODE: 'keys' }, 'keys'],
  ])('with %j is %s', (env, mode) => {
    expect(resolveConfig(env).http.authMode).toBe(mode);
  });
});

describe('WORKER_QUEUES', () => {
  const queues = (text: string) => resolveConfig({ WORKER_QUEUES: text }).worker.queues;

  test.each([
    ['all', [['*', undefined]]],
    ['ALL', [['*', undefined]]],
    ['*', [['*', undefined]]],
    ['emails', [['emails', undefined]]],
    [
      'emails, reports',
      [
        ['emails', undefined],
        ['reports', undefined],
      ],
    ],
    [
      'emails:5,reports:2,*:10',
      [
        ['emails', 5],
        ['reports', 2],
        ['*', 10],
      ],
    ],
  ] as [string, [string, number | undefined][]][])('takes %s', (text, pools) => {
    expect(queues(text)).toEqual(pools.map(([queue, slots]) => ({ queue, slots })));
  });

  test.each([
    ['emails,emails', 'names a queue twice'],
    ['emails:5,reports', 'to some queues only'],
    ['emails:0', '"emails:0" is not a queue name'],
    ['emails:1001', '"emails:1001" is not'],
    ['emails:two', '"emails:two" is not'],
    ['emails:1:2', '"emails:1:2" is not'],
    ['emails,', '"" is not'],
    ['Emails', '"Emails" is not'],
    ['__pgboss__send-it', '"__pgboss__send-it" is not'],
    [`a${'x'.repeat(63)}`, 'is not'],
  ])('refuses %s', (text, fault) => {
    expect(faultsOf({ WORKER_QUEUES: text })).toEqual([expect.stringContaining(fault)]);
  });
});
