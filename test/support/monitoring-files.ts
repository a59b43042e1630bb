import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Where the files for Prometheus and Grafana are. */
export const DOCKER = join(PROJECT, 'docker');

/** What a panel asks. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
    };
  };
  readonly targets?: readonly Target[];
}

export interface Variable {
  readonly type: string;
  readonly name: string;
  readonly query: string;
}

export interface Dashboard {
  readonly file: string;
  readonly id?: number | null;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

/** Every dashboard that there is. */
export function dashboards(): Dashboard[] {
  return filesIn('grafana/dashboards', '.json').map((file) => ({
    ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<Dashboard, 'file'>),
    file: basename(file),
  }));
}

/** The files with rules, or with tests of them. */
export function ruleFiles(folder: 'rules' | 'tests'): string[] {
  return filesIn(`prometheus/${folder}`, '.yml');
}

export function textOf(path: string): string {
  return readFileSync(join(PROJECT, path), 'utf8');
}

/** The blocks of alerts in the files of rules, or in one of them, by name, as they are written. */
export function alerts(only = ''): Map<string, string> {
  const files = ruleFiles('rules').filter((file) => file.endsWith(only));
  const blocks = files.flatMap((file) => readFileSync(file, 'utf8').split(/^ +- (?=alert:|record:)/m));
  return new Map(
    blocks.flatMap((block) => {
      const name = /^alert: (\w+)/.exec(block)?.[1];
      return name === undefined ? [] : [[name, block] as const];
    }),
  );
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(DOCKER, folder))
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(DOCKER, folder, file));
}
