import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';

/** What is applied to a cluster. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  [field: string]: any;
}

interface Patch {
  readonly target: { readonly kind: string; readonly name: string };
  readonly patch: string;
}

interface Kustomization {
  readonly kind: 'Kustomization' | 'Component';
  readonly namespace?: string;
  readonly resources?: string[];
  readonly components?: string[];
  readonly images?: { name: string; newName?: string; newTag?: string }[];
  readonly patches?: Patch[];
  readonly generatorOptions?: { disableNameSuffixHash: true };
  readonly secretGenerator?: { name: string; envs: string[] }[];
}

/** All of kustomize that this knows, and so all that docker/kubernetes may use. */
const FIELDS = [
  ...['apiVersion', 'kind', 'namespace', 'resources', 'components', 'images', 'patches'],
  ...['generatorOptions', 'secretGenerator'],
];

const WITHOUT_NAMESPACE = ['Namespace'];

/** What `kubectl kustomize` makes of a folder; generated Secrets come from the example beside their file. */
export function kustomize(folder: string): Manifest[] {
  return include(folder, []);
}

function include(folder: string, before: Manifest[]): Manifest[] {
  const path = join(folder, 'kustomization.yaml');
  const file = parse(readFileSync(path, 'utf8')) as Kustomization;
  const unknown = Object.keys(file).filter((field) => !FIELDS.includes(field));
  if (unknown.length > 0) throw new Error(`${path}: test/support/kubernetes does not know ${unknown.join()}`);
  const { resources = [], components = [], secretGenerator = [], images = [], patches = [] } = file;
  let all = [...before, ...resources.flatMap((name) => resource(join(folder, name)))];
  all.push(...secretGenerator.map((generator) => secret(generator, folder, file)));
  for (const component of components) all = include(join(folder, component), all);
  for (const patch of patches) apply(patch, all, path);
  for (const image of images) for (const container of all.flatMap(containersOf)) rename(container, image);
  if (file.namespace === undefined) return all;
  return all.map((one) => (WITHOUT_NAMESPACE.includes(one.kind) ? one : moveTo(file.namespace!, one)));
}

function resource(path: string): Manifest[] {
  if (statSync(path).isDirectory()) return kustomize(path);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors.join()}`);
    return document.toJS() as Manifest;
  });
}

function secret(
  { name, envs }: { name: string; envs: string[] },
  folder: string,
  file: Kustomization,
): Manifest {
  if (!file.generatorOptions?.disableNameSuffixHash) throw new Error(`${name}: its name would get a suffix`);
  const values = envs.map((env) => parseEnv(readFileSync(join(folder, `${env}.example`), 'utf8')));
  const stringData = Object.assign({}, ...values) as Record<string, string>;
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData };
}

function apply({ target, patch }: Patch, manifests: Manifest[], path: string): void {
  const found = manifests.filter(
    ({ kind, metadata }) => kind === target.kind && metadata.name === target.name,
  );
  if (found.length !== 1)
    throw new Error(`${path}: the patch of ${target.kind} ${target.name} has no target`);
  for (const { op, path: pointer, value } of parse(patch) as {
    op: string;
    path: string;
    value?: unknown;
  }[]) {
    const [last = '', ...way] = pointer.slice(1).split('/').reverse();
    const parent = way.reverse().reduce((part: any, key) => part?.[key], found[0]) as Record<string, unknown>;
    if (Array.isArray(parent) && op === 'add' && last === '-') {
      parent.push(value);
      continue;
    }
    const isThere = parent !== undefined && last in parent;
    if (parent === undefined || isThere === (op === 'add'))
      throw new Error(`${path}: ${op} ${pointer} fails`);
    if (op === 'remove') Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
}

/** The containers of whatever starts pods. */
export function containersOf(manifest: Manifest): any[] {
  const pod = manifest.spec?.template?.spec;
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
}

function rename(
  container: { image: string },
  { name, newName, newTag }: { name: string; newName?: string; newTag?: string },
): void {
  const [present = '', tag] = container.image.split(/:(?=[^/]*$)/);
  if (present !== name) return;
  const wanted = newTag ?? tag;
  container.image = `${newName ?? name}${wanted ? `:${wanted}` : ''}`;
}

function moveTo(namespace: string, manifest: Manifest): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}
