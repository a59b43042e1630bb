import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { logTo } from '../../src/common/logging.js';
import {
  type ConfigError,
  SECRET_VARIABLES,
  childEnvironment,
  loadConfig,
  resolveConfig,
} from '../../src/config/index.js';

const CANARY = 'CANARY0123456789';

describe('the files of secrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roundhouse-secret-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A file that holds this. */
  const holding = (text: string | Buffer): string => {
    const path = join(folder, 'secret');
    writeFileSync(path, text);
    return path;
  };
  const faultsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
    try {
      resolveConfig(env);
    } catch (error) {
      expect((error as Error).message).not.toContain(CANARY);
      return (error as ConfigError).faults;
    }
    return [];
  };

  const KEY = Buffer.alloc(32, 7).toString('base64');
  test.each([
    ['DATABASE_URL', `postgresql://jobs:${CANARY}@db.example/jobs`, 'database.url'],
    ['PROCRASTINATE_DATABASE_URL', `postgresql://jobs:${CANARY}@db.example/jobs`, 'database.url'],
    ['DATABASE_DIRECT_URL', `postgresql://jobs:${CANARY}@db.example/jobs`, 'database.directUrl'],
    ['WEBHOOK_SIGNING_SECRET', `whsec_${KEY}`, 'webhooks.signingSecrets.0'],
    ['SECRETS_KEY', KEY, 'secretsKeys.0'],
    ['SMTP_URL', `smtp://jobs:${CANARY}@mail.example`, 'mail.server.login.password'],
    ['SENTRY_DSN', `https://${CANARY}@sentry.example/1`, 'telemetry.sentryDsn'],
  ])('of %s is read, without the line break at its end', (name, secret, at) => {
    const given = resolveConfig({ [name]: secret });
    const read = resolveConfig({ [`${name}_FILE`]: holding(`${secret}\r\n`) });
    const value = (config: object) => at.split('.').reduce((part: any, key) => part[key], config);
    expect(value(given)).toBeDefined();
    expect(value(read)).toEqual(value(given));
  });

  test('are those of every secret', () => {
    for (const name of SECRET_VARIABLES)
      expect(faultsOf({ [`${name}_FILE`]: join(folder, 'none') })).toHaveLength(1);
  });

  test('that are missing, empty, endless, binary or no files are told, all at once', () => {
    const none = join(folder, 'none');
    expect(
      faultsOf({
        DATABASE_URL_FILE: none,
        SECRETS_KEY_FILE: holding(' \n'),
        SMTP_URL_FILE: folder,
        SENTRY_DSN_FILE: '/dev/zero',
        PORT: 'x',
      }),
    ).toEqual([
      `DATABASE_URL_FILE names ${none}, which cannot be read (ENOENT): see to its name and its rights`,
      `SECRETS_KEY_FILE names ${join(folder, 'secret')}, which is empty: write the secret into it`,
      `SMTP_URL_FILE names ${folder}, which cannot be read (EISDIR): see to its name and its rights`,
      'SENTRY_DSN_FILE names /dev/zero, which is longer than any secret: name the file that holds nothing else',
      'PORT must be a whole number from 0 to 65535, not "x"',
    ]);
  });

  test('are named where what they hold is no such secret', () => {
    expect(faultsOf({ SECRETS_KEY_FILE: holding(CANARY) })).toEqual([
      expect.stringContaining('SECRETS_KEY (from SECRETS_KEY_FILE) must be base64 of 32 bytes'),
    ]);
    expect(faultsOf({ SECRETS_KEY: CANARY })).toEqual([
      expect.stringContaining('SECRETS_KEY must be base64 of 32 bytes'),
    ]);
  });

  test('cannot stand beside the variable itself', () => {
    const path = holding(`postgresql://jobs:${CANARY}@db.example/jobs`);
    expect(faultsOf({ DATABASE_URL_FILE: path, DATABASE_URL: `postgresql://${CANARY}@x/y` })).toEqual([
      'DATABASE_URL_FILE and DATABASE_URL are both set: keep one of them',
    ]);
    expect(faultsOf({ DATABASE_URL_FILE: path, DATABASE_URL: '' })).toEqual([]);
    expect(faultsOf({ DATABASE_URL_FILE: '', DATABASE_URL: 'postgresql://x/y' })).toEqual([]);
  });

  test.each([...SECRET_VARIABLES, 'OTEL_EXPORTER_OTLP_ENDPOINT'])(
    'and the variable %s are not shown when they hold what they must not',
    (name) => {
      const wrong = `nonsense:${CANARY}@somewhere`;
      expect(faultsOf({ [name]: wrong })).toHaveLength(1);
      if (name !== 'OTEL_EXPORTER_OTLP_ENDPOINT')
        expect(faultsOf({ [`${name}_FILE`]: holding(wrong) })).toHaveLength(1);
    },
  );

  test('and a file .env that cannot be read end the start, while a folder of that name is passed over', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      symlinkSync('.env', '.env');
      expect(() => loadConfig({})).toThrow('.env cannot be read (ELOOP): let this user read it');
      rmSync('.env');
      mkdirSync('.env');
      expect(loadConfig({}).http.authMode).toBe('open');
    } finally {
      process.chdir(before);
    }
  });

  test('give way to what a child process is given itself', () => {
    process.env.DATABASE_URL_FILE = '/run/secrets/another';
    try {
      const env = childEnvironment({ DATABASE_URL: 'postgresql://x/y' });
      expect(faultsOf(env)).toEqual([]);
      expect(resolveConfig(env).database.url).toBe('postgresql://x/y');
    } finally {
      delete process.env.DATABASE_URL_FILE;
    }
  });

  test('hold what no log shows under its name', () => {
    let written = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.toString();
        done();
      },
    });
    const log = logTo(stream, 'trace', 'api');
    for (const name of SECRET_VARIABLES) log.info({ [name]: CANARY, config: { [name]: CANARY } }, name);
    for (const name of SECRET_VARIABLES) expect(written).toContain(name);
    expect(written).not.toContain(CANARY);
  });
});
