import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { finalStep } from '../support/deployment.js';
import { KEYS_ONLY, startLockedApp } from '../support/keys.js';
import { kustomize } from '../support/kubernetes/kustomize.js';
import { sendRaw } from '../support/raw-http.js';
import { type App, startApp } from '../support/start-app.js';

/** Ports, folders and files are those of a container. */
const OF_CONTAINERS = /^(PATH|NODE_ENV|PORT|WORKER_METRICS_PORT|ROUNDHOUSE_HOME|DATA_DIR)$|_FILE$/;

const compose = parse(readFileSync('docker/compose.yaml', 'utf8'), { merge: true });
const manifests = kustomize('docker/kubernetes/overlays/example');
const of = (kind: string, name: string) =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name)!;

/** What the API is started with; what has no value is left to whoever starts it. */
function environmentOf(settings: Record<string, unknown>): Record<string, string> {
  const all = { ...finalStep('ENV').values, ...settings };
  const given = Object.entries(all).filter(([name, value]) => value !== null && !OF_CONTAINERS.test(name));
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

const [ingress] = of('Ingress', 'roundhouse').spec.rules;
const scaling = new URL(of('ScaledObject', 'roundhouse-worker').spec.triggers[0].metadata.url);
const published = compose.services.api.ports[0].replace(/^.*:/, '');

/** Who asks, and under what name. */
const DEPLOYMENTS = [
  [
    'docker/compose.yaml',
    environmentOf(compose.services.api.environment),
    {
      'this machine': '127.0.0.1:8000',
      'a person on this machine': 'localhost:8000',
      'another service': `api:${published}`,
      Prometheus: `172.18.0.5:${published}`,
      'the alias for Prometheus': `${compose.services.api.networks.default.aliases[0]}:${published}`,
    },
  ],
  [
    'docker/kubernetes',
    environmentOf(of('ConfigMap', 'roundhouse').data),
    {
      'a probe': '10.244.1.7:8000',
      'a probe over IPv6': '[fd00:10:244::7]:8000',
      KEDA: scaling.host,
      'a neighbour': 'roundhouse-api:8000',
      'a service by its full name': `${scaling.hostname}.cluster.local:8000`,
      'the ingress': ingress.host,
    },
  ],
] as const;

describe.each(DEPLOYMENTS)('an API with the settings of %s', (_, environment, names) => {
  describe.each(['keys', 'open'])('and AUTH_MODE=%s', (mode) => {
    let app: App;
    let headers: Record<string, string> = {};
    beforeAll(async () => {
      expect(environment).toMatchObject({ HOST: '0.0.0.0' });
      expect(environment).not.toHaveProperty('AUTH_MODE');
      if (mode === 'open') {
        app = await startApp('deployed open', {
          workers: 0,
          environment: { ...environment, AUTH_MODE: mode },
        });
        return;
      }
      // Beyond loopback it would not start before there is a key, and here the first one is made after its start.
      const locked = await startLockedApp('deployed keys', 0, {
        ...environment,
        ...KEYS_ONLY,
        HOST: '127.0.0.1',
      });
      app = locked.app;
      headers = await locked.allowed('jobs:read');
    });
    afterAll(() => app?.stop());

    test.each(Object.entries(names))('answers %s, who asks for %s', async (_who, host) => {
      for (const path of ['/health/live', '/health/ready', '/metrics', '/admin/scaling?max=20']) {
        const { status } = await sendRaw(app.api.ready + path, { headers: { ...headers, Host: host } });
        expect([path, status]).toEqual([path, 200]);
      }
    });

    test('answers nobody whom a website has sent, unless the caller shows a key', async () => {
      const asked = { headers: { ...headers, Host: 'roundhouse.evil.example' } };
      const { status } = await sendRaw(`${app.api.ready}/admin/scaling`, asked);
      expect(status).toBe(mode === 'open' ? 421 : 200);
    });
  });
});
