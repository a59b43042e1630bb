import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './kustomize.js';

interface Model {
  readonly package: string;
  readonly type: string;
}

/** Where the field's packages describe what we use. */
function modelOf({ apiVersion, kind }: Manifest): Model {
  const type = `I${kind}`;
  const [group = '', version] = apiVersion.split('/');
  if (group.startsWith('keda.sh')) return { package: `@kubernetes-models/keda/${apiVersion}/${kind}`, type };
  if (group.startsWith('monitoring.coreos.com'))
    return { package: `@kubernetes-models/prometheus-operator/${apiVersion}/${kind}`, type };
  return { package: `kubernetes-models/${version === undefined ? group : apiVersion}/${kind}`, type };
}

/**
 * What is wrong with manifests, by the schemas of Kubernetes and of the operators: as types, which refuse fields that there
 * are not, and as JSON schemas, which know of patterns and bounds. Empty = nothing.
 */
export async function faultsOf(manifests: readonly Manifest[]): Promise<string[]> {
  const faults = faultsOfTypes(manifests);
  for (const manifest of manifests) {
    const { package: name } = modelOf(manifest);
    const { [manifest.kind]: Class } = (await import(name)) as Record<
      string,
      new (data: Manifest) => { validate(): void }
    >;
    try {
      new Class!(manifest).validate();
    } catch (error) {
      faults.push(`${manifest.kind} ${manifest.metadata.name}: ${(error as Error).message}`);
    }
  }
  return faults;
}

function faultsOfTypes(manifests: readonly Manifest[]): string[] {
  const folder = mkdtempSync(resolve('test', '.manifests-'));
  try {
    const names = manifests.map((manifest, index) => {
      const { package: from, type } = modelOf(manifest);
      const path = join(folder, `${manifest.kind}-${index}.ts`);
      const text = `import type { ${type} } from '${from}';\nexport const it: ${type} = ${JSON.stringify(manifest)};\n`;
      writeFileSync(path, text);
      return path;
    });
    const program = ts.createProgram(names, {
      ...{ noEmit: true, strict: true, skipLibCheck: true, types: [] },
      ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 },
    });
    return names.flatMap((name, index) => {
      const { kind, metadata } = manifests[index]!;
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(name));
      return found.map(
        ({ messageText }) => `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
