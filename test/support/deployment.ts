import { readFileSync } from 'node:fs';
import { commands } from '../../src/cli/commands.js';
import { variables } from '../../src/config/index.js';
import { type Stage, readDockerfile } from './image/dockerfile.js';

/** Variables that the libraries we use read themselves. */
const OTHERS = [
  ...['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGPASSFILE', 'NODE_ENV', 'PATH'],
  ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_SERVICE_NAME'],
];

/** Those of these names that mean nothing to Roundhouse. */
export function unknownVariables(names: readonly string[]): string[] {
  const known = [...Object.keys(variables), ...OTHERS];
  return names.filter((name) => !known.includes(name) && !known.includes(name.replace(/_FILE$/, '')));
}

export const commandNames = commands.map(({ name }) => name);

export const packageJson = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
};

export const stages: readonly Stage[] = readDockerfile('docker/Dockerfile');

/** What the last stage of the Dockerfile says by this instruction. */
export function finalStep(keyword: string): Stage['steps'][number] {
  const found = stages.at(-1)!.steps.findLast((step) => step.keyword === keyword);
  if (!found) throw new Error(`The last stage has no ${keyword}`);
  return found;
}

/** Seconds that a role may take to stop, by the constants in its program. */
export function secondsToStop(role: 'api' | 'worker', settings: Readonly<Record<string, string>>): number {
  const constant = (name: string) => {
    const source = readFileSync(`src/start-${role}.ts`, 'utf8');
    return Number(new RegExp(`^const ${name} = (\\d+);`, 'm').exec(source)![1]);
  };
  if (role === 'worker') return Number(settings.WORKER_TIMEOUT) + constant('LAST_WORDS_SECONDS');
  const delay = settings.SHUTDOWN_DELAY
    ? Number(settings.SHUTDOWN_DELAY)
    : constant('SHUTDOWN_DELAY_SECONDS');
  return delay + constant('LAST_REQUESTS_SECONDS');
}
