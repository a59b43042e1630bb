import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { childEnvironment } from '../../src/config/index.js';
import { RunningProgram } from '../support/running-program.js';

/** An npm that notes each run, fails when told to, and installs a Node.js and a compiler that copies. */
const NPM = `#!/bin/sh
echo "$*" >> npm-runs
if [ -f npm-fails-with ]; then echo "npm error code $(cat npm-fails-with)"; exit 1; fi
mkdir -p node_modules/.bin node_modules/@swc/cli/bin
ln -sf "${process.execPath}" node_modules/.bin/node
cp compiler.cjs node_modules/@swc/cli/bin/swc.js
cp package-lock.json node_modules/.package-lock.json
`;

const COMPILER = `
const { appendFileSync, cpSync, readFileSync } = require('node:fs');
appendFileSync('builds', 'built\\n');
const out = process.argv[process.argv.indexOf('-d') + 1];
if (readFileSync('src/main.ts', 'utf8').includes('fault')) { console.error('src/main.ts: a fault'); process.exit(1); }
cpSync('src', out + '/src', { recursive: true });
`;

describe('the set-up script', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'roundhouse-setup-'));
    cpSync('scripts', join(clone, 'scripts'), { recursive: true });
    for (const folder of ['bin', 'src']) mkdirSync(join(clone, folder));
    write('bin/npm', NPM);
    chmodSync(join(clone, 'bin', 'npm'), 0o755);
    write('compiler.cjs', COMPILER);
    write('package-lock.json', lockfile('1.0.0'));
    write('src/main.ts', 'first');
  });

  afterEach(() => rmSync(clone, { recursive: true }));

  test('installs and builds a fresh clone, and says nothing when there is nothing to do', async () => {
    const first = await setUp();
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toMatch(/^Installing dependencies …[^]*Building …/);
    expect(read('npm-runs')).toContain('ci --include=dev');
    expect(read('dist/src/main.ts')).toBe('first');
    expect(await setUp()).toEqual({ code: 0, output: '' });
    expect(readdirSync(join(clone, '.roundhouse'))).toEqual([]);
  });

  test('builds again when a source has changed, but not when it was only touched', async () => {
    await setUp();
    utimesSync(join(clone, 'src', 'main.ts'), 1, 1);
    expect(await setUp()).toEqual({ code: 0, output: '' });
    write('src/main.ts', 'second');
    expect((await setUp()).output).not.toContain('Installing');
    expect(read('dist/src/main.ts')).toBe('second');
  });

  test('builds again when it is told to', async () => {
    await setUp();
    expect((await setUp('--force-build')).output).toContain('Building');
  });

  test('installs again when the lockfile has changed', async () => {
    await setUp();
    write('package-lock.json', lockfile('2.0.0'));
    expect((await setUp()).output).toContain('Installing');
    expect(lines('npm-runs')).toBe(2);
  });

  test('accepts what somebody installed with npm themselves', async () => {
    await setUp();
    rmSync(join(clone, 'node_modules', '.roundhouse-install'));
    expect(await setUp()).toEqual({ code: 0, output: '' });
    write('package-lock.json', lockfile('2.0.0'));
    write('node_modules/.package-lock.json', lockfile('2.0.0'));
    expect((await setUp()).output).not.toContain('Installing');
  });

  test('keeps the last build when the sources do not compile', async () => {
    await setUp();
    write('src/main.ts', 'fault');
    const failed = await setUp();
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.output).toMatch(/a fault[^]*The build failed: mend what the lines above say/);
    expect(read('dist/src/main.ts')).toBe('first');
    expect(readdirSync(clone).filter((name) => name.startsWith('.dist'))).toEqual([]);
  });

  test('does the work once when several start together', async () => {
    const all = await Promise.all([setUp(), setUp(), setUp(), setUp()]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect([lines('npm-runs'), lines('builds')]).toEqual([1, 1]);
  });

  test('does not wait for one that was killed', async () => {
    mkdirSync(join(clone, '.roundhouse'));
    write(`.roundhouse/setup-${process.pid}-1.lock`, 'working');
    expect(await setUp()).toMatchObject({ code: 0 });
  });

  test.each([
    ['EAI_AGAIN', 'npm could not reach its registry'],
    ['EACCES', 'run the command as the owner of this folder'],
    ['EUSAGE', 'run "npm install"'],
    ['EWHATEVER', 'the lines above say why'],
  ])('says what to do when npm fails with %s', async (code, sentence) => {
    write('npm-fails-with', code);
    const failed = await setUp();
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.output).toMatch(new RegExp(`npm error code ${code}[^]*${sentence}`));
    expect(existsSync(join(clone, 'dist'))).toBe(false);
  });

  async function setUp(...args: string[]): Promise<{ code: number | null; output: string }> {
    const path = [join(clone, 'bin'), dirname(process.execPath), childEnvironment({}).PATH];
    const program = RunningProgram.node([join(clone, 'scripts', 'setup.mjs'), ...args], {
      PATH: path.join(delimiter),
    });
    const { code } = await program.exited;
    return { code, output: program.output };
  }

  function write(path: string, text: string): void {
    writeFileSync(join(clone, path), text);
  }

  function read(path: string): string {
    return readFileSync(join(clone, path), 'utf8');
  }

  function lines(path: string): number {
    return read(path).trim().split('\n').length;
  }
});

function lockfile(version: string): string {
  return JSON.stringify({ packages: { '': {}, 'node_modules/some-package': { version } } });
}
