import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { parse } from 'yaml';
import {
  commandNames,
  finalStep,
  packageJson,
  secondsToStop,
  unknownVariables,
} from '../../support/deployment.js';
import { type Manifest, containersOf, kustomize } from '../../support/kubernetes/kustomize.js';
import { faultsOf } from '../../support/kubernetes/schema.js';

const EXAMPLE = 'docker/kubernetes/overlays/example';
const all = kustomize(EXAMPLE);
const pods = all.filter((manifest) => containersOf(manifest).length > 0);
const one = (kind: string, name: string): Manifest =>
  all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)!;
const settings: Record<string, string> = one('ConfigMap', 'roundhouse').data;
const probesOf = (manifest: Manifest) =>
  containersOf(manifest).flatMap(({ startupProbe, livenessProbe, readinessProbe }) => [
    startupProbe,
    livenessProbe,
    readinessProbe,
  ]);

/** Whether a selector fits the labels of some pod. */
const selectsPods = ({ matchLabels = {}, matchExpressions = [] }: any) =>
  pods.some(({ spec }) => {
    const { labels } = spec.template.metadata;
    const fits = Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
    return fits && matchExpressions.every(({ key, values }: any) => values.includes(labels[key]));
  });

/** What docs/scaling.md shows of a ScaledObject. */
const docsOfScaling = parse(/```yaml\n([^]+?)```/.exec(readFileSync('docs/scaling.md', 'utf8'))![1]!);

describe('docker/kubernetes', () => {
  test('keeps to the schemas of Kubernetes and of the operators, without a field that they do not know', async () => {
    expect(await faultsOf(all)).toEqual([]);
    expect(await faultsOf(kustomize('docker/kubernetes/base'))).toEqual([]);
    const wrong = structuredClone(all) as any[];
    wrong.find(({ kind }) => kind === 'Deployment').spec.template.spec.containers[0].livenesProbe = {};
    wrong.find(({ kind }) => kind === 'ScaledObject').spec.triggers[0].metdata = {};
    wrong.find(({ kind }) => kind === 'PodMonitor').spec.podMetricsEndpoints[0].interval = 'often';
    expect(await faultsOf(wrong)).toHaveLength(3);
  });

  test('holds every file, and no secret', () => {
    const used = new Set(all.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    for (const path of globSync('docker/kubernetes/{base,components}/**/*.yaml')) {
      if (path.endsWith('kustomization.yaml')) continue;
      const text = readFileSync(path, 'utf8');
      expect(text).not.toMatch(/^kind: Secret$/m);
      for (const [, kind, name] of text.matchAll(/^kind: (\w+)\nmetadata:\n {2}name: (\S+)$/gm))
        expect(used).toContain(`${kind} ${name}`);
    }
    const ignored = execFileSync('git', ['check-ignore', `${EXAMPLE}/secrets.env`, 'docker/.env'], {
      encoding: 'utf8',
    });
    expect(ignored.split('\n')).toHaveLength(3);
    expect(readFileSync(`${EXAMPLE}/secrets.env.example`, 'utf8')).toMatch(/^SECRETS_KEY=$/m);
  });

  test.each(pods.map((manifest) => [manifest.metadata.name, manifest] as const))(
    'confines %s',
    (_name, { spec }) => {
      const pod = spec.template.spec;
      const [user, group] = finalStep('USER').text.split(':').map(Number);
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: user,
          runAsGroup: group,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(one('ServiceAccount', pod.serviceAccountName)).toBeDefined();
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources).toMatchObject({
          requests: { cpu: expect.any(String), memory: expect.any(String) },
          limits: { memory: expect.any(String) },
        });
      }
      expect(all.find(({ kind }) => kind === 'Namespace')!.metadata).toMatchObject({
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      });
    },
  );

  test('sets what there is to set, from where it is', () => {
    expect(unknownVariables(Object.keys(settings))).toEqual([]);
    for (const { spec } of pods) {
      const [container] = spec.template.spec.containers;
      expect(unknownVariables(container.env.map(({ name }: any) => name))).toEqual([]);
      for (const { configMapRef } of container.envFrom)
        expect(one('ConfigMap', configMapRef.name)).toBeDefined();
      const { secret } = spec.template.spec.volumes.find(({ name }: any) => name === 'secrets');
      const keys = Object.keys(one('Secret', secret.secretName).stringData);
      for (const { key } of secret.items) expect(keys).toContain(key);
      // Secrets are in files, and every file is there.
      const { mountPath } = container.volumeMounts.find(({ name }: any) => name === 'secrets');
      const files = secret.items.map(({ path }: any) => `${mountPath}/${path}`);
      expect(container.env.map(({ value }: any) => value)).toEqual(files);
    }
  });

  test('starts commands that there are, of the image of this version', () => {
    const { version } = packageJson;
    for (const container of pods.flatMap(containersOf)) {
      expect(commandNames).toContain(container.args[0]);
      expect(container.image).toBe(`registry.example.org/roundhouse:${version}`);
    }
    for (const container of kustomize('docker/kubernetes/base').flatMap(containersOf))
      expect(container.image).toBe(`roundhouse:${version}`);
  });

  test('asks for the health at ports and paths that there are, and lets no database decide about life', () => {
    const paths = Object.keys(JSON.parse(readFileSync('openapi.json', 'utf8')).paths);
    const ports = [finalStep('ENV').values.PORT, finalStep('ENV').values.WORKER_METRICS_PORT].map(Number);
    for (const manifest of pods.filter(({ kind }) => kind === 'Deployment')) {
      const [container] = containersOf(manifest);
      expect(ports).toContain(container.ports[0].containerPort);
      const [startup, liveness, readiness] = probesOf(manifest);
      for (const { httpGet } of [startup, liveness, readiness]) {
        expect(paths).toContain(httpGet.path);
        expect(container.ports.map(({ name }: any) => name)).toContain(httpGet.port);
      }
      expect([startup, liveness, readiness].map(({ httpGet }) => httpGet.path)).toEqual([
        '/health/live',
        '/health/live',
        '/health/ready',
      ]);
    }
  });

  test('gives API and workers the time they need to stop, and ten seconds more', () => {
    for (const role of ['api', 'worker'] as const) {
      const { spec } = one('Deployment', `roundhouse-${role}`).spec.template;
      const [{ lifecycle }] = spec.containers;
      const before = Number(lifecycle?.preStop.exec.command[1] ?? 0);
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
        before + secondsToStop(role, settings) + 10,
      );
    }
  });

  test('mounts what can be written to', () => {
    const { DATA_DIR } = finalStep('ENV').values;
    for (const { spec } of pods) {
      const { volumes, containers } = spec.template.spec;
      const mounted = containers[0].volumeMounts
        .filter(({ readOnly }: any) => readOnly !== true)
        .map(({ mountPath }: any) => mountPath);
      expect(mounted.every((path: string) => ['/tmp', DATA_DIR].includes(path))).toBe(true);
      for (const { name } of containers[0].volumeMounts)
        expect(volumes.map((volume: any) => volume.name)).toContain(name);
    }
    expect(one('PersistentVolumeClaim', 'roundhouse-data').spec.accessModes).toEqual(['ReadWriteMany']);
  });

  test('selects pods that there are', () => {
    for (const { kind, metadata, spec } of all) {
      if (['Service'].includes(kind)) expect(selectsPods({ matchLabels: spec.selector })).toBe(true);
      if (['PodDisruptionBudget', 'PodMonitor'].includes(kind))
        expect([metadata.name, selectsPods(spec.selector)]).toEqual([metadata.name, true]);
      if (kind === 'NetworkPolicy')
        expect([metadata.name, selectsPods(spec.podSelector)]).toEqual([metadata.name, true]);
      if (kind === 'Deployment') expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    }
    const labels: Record<string, string> = (one('Service', 'roundhouse-api').metadata as any).labels;
    expect(labels).toMatchObject(one('ServiceMonitor', 'roundhouse-api').spec.selector.matchLabels);
  });

  test('scales what there is, by an address that there is', () => {
    const scaled = one('ScaledObject', 'roundhouse-worker').spec;
    expect(one('Deployment', scaled.scaleTargetRef.name).spec.replicas).toBeUndefined();
    expect(
      kustomize('docker/kubernetes/base').find(({ metadata }) => metadata.name === 'roundhouse-worker')!.spec
        .replicas,
    ).toBe(2);
    const url = new URL(scaled.triggers[0].metadata.url);
    const [service = '', namespace] = url.hostname.split('.');
    expect(one('Service', service).metadata.namespace).toBe(namespace);
    expect(one('Service', service).spec.ports[0].port).toBe(Number(url.port));
    expect(url.searchParams.get('max')).toBe(String(scaled.maxReplicaCount));
    const openapi = JSON.parse(readFileSync('openapi.json', 'utf8'));
    const { parameters, responses, security } = openapi.paths[url.pathname].get;
    const known = parameters.filter((each: any) => each.in === 'query').map((each: any) => each.name);
    expect(known).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
    const [name] = responses['200'].content['application/json'].schema.$ref.split('/').slice(-1);
    const { [scaled.triggers[0].metadata.valueLocation]: value } =
      openapi.components.schemas[name].properties;
    expect(value).toMatchObject({ type: 'integer' });
    // KEDA shows a key as the API wants it, made with the scope that the address needs.
    const { type, scheme } = openapi.components.securitySchemes.api_key;
    expect([type, scheme]).toEqual(['http', scaled.triggers[0].metadata.authMode]);
    const {
      secretTargetRef: [secret],
    } = one('TriggerAuthentication', scaled.triggers[0].authenticationRef.name).spec;
    const page = readFileSync('docs/kubernetes.md', 'utf8').replace(/ \\\n\s+/g, ' ');
    expect(secret.parameter).toBe('token');
    expect(page).toMatch(
      new RegExp(
        `secret generic ${secret.name} --from-literal=${secret.key}=.* --scopes ${security[0].api_key[0]} `,
      ),
    );
    expect(docsOfScaling.triggers).toEqual(scaled.triggers);
    expect(one('TriggerAuthentication', scaled.triggers[0].authenticationRef.name)).toBeDefined();
    const { minReplicas, maxReplicas, scaleTargetRef } = one(
      'HorizontalPodAutoscaler',
      'roundhouse-api',
    ).spec;
    expect(one(scaleTargetRef.kind, scaleTargetRef.name).spec.replicas).toBeUndefined();
    expect(minReplicas).toBeGreaterThan(1);
    expect(maxReplicas).toBeGreaterThan(minReplicas);
  });

  test('lets nothing in or out but what is named', () => {
    expect(one('NetworkPolicy', 'default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    const { egress } = one('NetworkPolicy', 'worker-internet').spec;
    const reachable = new BlockList();
    const forbidden = new BlockList();
    for (const { ipBlock } of egress[0].to) {
      add(reachable, ipBlock.cidr);
      for (const except of ipBlock.except) add(forbidden, except);
    }
    const reaches = (address: string) => {
      const family = address.includes(':') ? 'ipv6' : 'ipv4';
      return reachable.check(address, family) && !forbidden.check(address, family);
    };
    const inside = [
      '10.96.0.1',
      '172.20.3.4',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '127.0.0.1',
      '224.0.0.1',
      '::1',
      'fd00::1',
      'fe80::1',
    ];
    expect(inside.filter(reaches)).toEqual([]);
    expect(['1.1.1.1', '93.184.216.34', '2606:4700::1111'].filter(reaches)).toHaveLength(3);
    expect(egress[0].ports.map(({ port }: any) => port)).not.toContain(5432);
  });

  test('keeps streams open for longer than the API is silent', () => {
    const { annotations } = one('Ingress', 'roundhouse').metadata as any;
    expect(annotations['nginx.ingress.kubernetes.io/proxy-buffering']).toBe('off');
    expect(Number(annotations['nginx.ingress.kubernetes.io/proxy-read-timeout'])).toBeGreaterThanOrEqual(600);
    expect(existsSync('docker/kubernetes/overlays/example/secrets.env')).toBe(false);
  });
});

function add(list: BlockList, cidr: string): void {
  const [address = '', bits] = cidr.split('/');
  list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
}
