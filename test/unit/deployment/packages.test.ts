import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { childEnvironment } from '../../../src/config/index.js';
import { packageJson } from '../../support/deployment.js';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.entries<Locked>(lock.packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

const folder = mkdtempSync(join(tmpdir(), 'roundhouse-packages-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script of the project, with a PATH of one's own in front. */
function run(script: string, ...args: string[]) {
  const env = childEnvironment({ PATH: [folder, process.env.PATH].join(delimiter) });
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env,
  });
  return { code: status, output: `${stdout}${stderr}` };
}

describe('the packages', () => {
  test('are those of package.json, each at one version and with its hash', () => {
    const wanted = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      expect(lock.packages[''][group]).toEqual(wanted[group]);
      for (const version of Object.values(wanted[group]))
        expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
    const unhashed = packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
    expect(unhashed.map(([path]) => path)).toEqual([]);
    const elsewhere = packages.filter(
      ([, { resolved }]) => resolved && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(elsewhere).toEqual([]);
  });

  test('that have an install script are told to npm, one by one', () => {
    const scripted = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));
    expect(Object.keys(packageJson.allowScripts).sort()).toEqual([...new Set(scripted)].sort());
  });

  test('that are delivered have licences that allow it, which docs/licences.md lists', () => {
    expect(run('scripts/licences.mjs', '--check')).toEqual({ code: 0, output: '' });
  });

  test.each([['GPL-3.0-only'], ['(AGPL-3.0 OR SSPL-1.0)'], ['MIT AND GPL-2.0'], [undefined]])(
    'with the licence %s are refused',
    (license) => {
      const path = join(folder, 'lock.json');
      writeFileSync(path, JSON.stringify({ packages: { 'node_modules/x': { version: '1.0.0', license } } }));
      const { code, output } = run('scripts/licences.mjs', '--check', path);
      expect(code).toBe(1);
      expect(output).toContain(`x 1.0.0 has the licence "${license ?? 'none'}", which is not accepted`);
    },
  );

  const weakness = (severity: string) => ({
    metadata: { vulnerabilities: { high: Number(severity === 'high'), critical: 0, total: 1 } },
    vulnerabilities: { x: { name: 'x', severity, range: '<2' } },
  });
  test.each([
    ['a grave weakness', weakness('high'), 1, 'x <2 has a high weakness'],
    ['a small weakness', weakness('low'), 0, '1 weaknesses known, 0 of them'],
    [
      'no answer',
      { message: '405 Method Not Allowed', error: { summary: 'audit endpoint returned an error' } },
      0,
      'Warning',
    ],
    [
      'no answer, in the words of another npm',
      { message: '405 Method Not Allowed - POST https://registry', error: { summary: '' } },
      0,
      'Warning',
    ],
    ['what nobody expects', { message: 'out of order' }, 1, 'npm audit has failed'],
  ])('are asked about: %s', (_what, answer, code, sentence) => {
    const npm = join(folder, 'npm');
    writeFileSync(npm, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`);
    chmodSync(npm, 0o755);
    const outcome = run('scripts/audit-packages.mjs');
    expect([outcome.code, outcome.output]).toEqual([code, expect.stringContaining(sentence)]);
  });
});
