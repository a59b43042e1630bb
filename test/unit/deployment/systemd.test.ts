import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondsToStop, unknownVariables } from '../../support/deployment.js';

const FOLDER = 'docs/operate/systemd';
const UNITS = [
  { role: 'api', file: 'roundhouse-api.service' },
  { role: 'worker', file: 'roundhouse-worker@.service' },
] as const;

/** What a stopping process is given without settings of its own. */
const DEFAULTS = { WORKER_TIMEOUT: '30' };

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasSystemd) process.stderr.write('Skipped: systemd-analyze verify (there is no systemd-analyze)\n');

const linesOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8').split('\n');
const valuesOf = (file: string, name: string) =>
  linesOf(file)
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));

describe.each(UNITS)('$file', ({ role, file }) => {
  (hasSystemd ? test : test.skip)('is a unit that systemd takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roundhouse-units-'));
    const unit = join(folder, file.replace('@', '@8001'));
    const text = linesOf(file).join('\n').replaceAll('/opt/roundhouse', process.cwd());
    try {
      writeFileSync(unit, text);
      const verify = () => spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
      expect(verify()).toMatchObject({ status: 0, stderr: '' });
      writeFileSync(unit, text.replace('ProtectSystem=strict', 'ProtectSystm=strict'));
      expect(verify().stderr).toContain('ProtectSystm');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('starts what there is, as its role', () => {
    const [start] = valuesOf(file, 'ExecStart');
    expect(start).toMatch(
      /^\/opt\/roundhouse\/node_modules\/\.bin\/node --enable-source-maps dist\/src\/main\.js$/,
    );
    expect(existsSync('node_modules/.bin/node')).toBe(true);
    expect(valuesOf(file, 'Environment').join(' ')).toContain(`ROLE=${role}`);
  });

  test('sets what there is to set, and keeps secrets out of it', () => {
    const variables = valuesOf(file, 'Environment').flatMap((line) => line.split(' '));
    expect(unknownVariables(variables.map((variable) => variable.split('=')[0]!))).toEqual([]);
    const secrets = variables.filter((variable) => /DATABASE_URL|SECRET/.test(variable));
    const loaded = valuesOf(file, 'LoadCredential').map((line) => line.split(':')[0]!);
    expect(secrets.map((variable) => variable.split('=%d/')[1])).toEqual(loaded);
  });

  test('gives it the time it needs to stop', () => {
    const [seconds] = valuesOf(file, 'TimeoutStopSec');
    expect(Number(seconds)).toBeGreaterThanOrEqual(secondsToStop(role, DEFAULTS));
  });

  test('is what the document tells how to install', () => {
    const page = readFileSync('docs/operate/deploy.md', 'utf8');
    expect(page).toContain(`${FOLDER}/*.service`);
    expect(page).toContain(file.replace(/@?\.service/, role === 'worker' ? '@8001' : ''));
  });
});
