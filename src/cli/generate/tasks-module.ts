import { UsageError } from '../usage.error.js';

const IMPORTS = /^import [^;]+;$/gm;
const PROVIDERS = /providers: \[([^\]]*)\]/;

/**
 * The source of a module with one provider more.
 * @param file where the source is, for the message
 * @throws UsageError when the source is written in another way than expected
 */
export function withProvider(source: string, name: string, from: string, file: string): string {
  const lastImport = [...source.matchAll(IMPORTS)].at(-1);
  const providers = PROVIDERS.exec(source);
  if (!lastImport || !providers) {
    throw new UsageError(
      `${file} has no list of the form "providers: [...]" to add the handler to: write it like that again.`,
    );
  }
  const present = (providers[1] ?? '').split(',').map((provider) => provider.trim());
  const list = [...present.filter((provider) => provider !== ''), name].join(', ');
  const end = lastImport.index + lastImport[0].length;
  const imports = `${source.slice(0, end)}\nimport { ${name} } from '${from}';`;
  return `${imports}${source.slice(end).replace(PROVIDERS, () => `providers: [${list}]`)}`;
}
