import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { KEYS_ONLY } from '../support/keys.js';
import { RunningProgram } from '../support/running-program.js';

describe('roundhouse keys create --to-file', () => {
  const databases: TestDatabase[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-key-files-'));
  let database: TestDatabase;
  let file: string;
  beforeEach(async () => {
    database = await createTestDatabase('key_files');
    databases.push(database);
    file = join(folder, `key-${databases.length}`);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all(databases.map((each) => each.drop()));
  });

  const roundhouse = async (...args: string[]) => {
    const environment = { DATABASE_URL: database.url, ROUNDHOUSE_HOME: folder, ...KEYS_ONLY };
    const program = RunningProgram.node(['dist/src/cli/main.js', 'keys', ...args], environment);
    const { code } = await program.exited;
    return { code, output: program.output };
  };
  const create = (...args: string[]) =>
    roundhouse('create', 'first', '--scopes', 'admin', '--to-file', file, ...args);
  const keyIn = (path: string) => readFileSync(path, 'utf8').trim();
  const active = async () => {
    const { output } = await roundhouse('list');
    return output.split('\n').filter((line) => line.includes('  active  ')).length;
  };

  test('makes a key once, shows it, and leaves it for the owner and the group of the file', async () => {
    const { code, output } = await create();
    expect(code).toBe(0);
    expect(output.split('\n')[0]).toBe(keyIn(file));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const before = keyIn(file);
    const again = await create();
    expect(again).toEqual({ code: 0, output: `${file} holds an active key: no other was made.\n` });
    const { key, token } = JSON.parse((await create('--json')).output);
    expect([key.name, token]).toEqual(['first', null]);
    expect([keyIn(file), await active()]).toEqual([before, 1]);
  });

  test('makes one key for many who ask at the same time', async () => {
    const outcomes = await Promise.all([create(), create(), create(), create()]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(outcomes.filter(({ output }) => output.includes(keyIn(file)))).toHaveLength(1);
    expect(await active()).toBe(1);
  });

  test('replaces what is no key of this database, and one that was revoked', async () => {
    writeFileSync(file, 'left by a call that died\n');
    expect((await create()).code).toBe(0);
    const first = keyIn(file);
    const [line = ''] = (await roundhouse('list')).output.split('\n');
    await roundhouse('revoke', line.split(' ')[0]!);
    expect((await create()).code).toBe(0);
    expect(keyIn(file)).not.toBe(first);
    expect(await active()).toBe(1);
  });

  test('with --if-none makes none beside others', async () => {
    await roundhouse('create', 'other', '--scopes', 'jobs:read');
    const sentence = 'There are active keys: no other was made.\n';
    expect(await create('--if-none')).toEqual({ code: 0, output: sentence });
    expect(() => statSync(file)).toThrow('ENOENT');
    const without = await roundhouse('create', 'first', '--scopes', 'admin', '--if-none');
    expect(without).toEqual({ code: 0, output: sentence });
  });

  test('makes no key that could not be left there', async () => {
    file = join(folder, 'nowhere', 'key');
    const { code, output } = await create();
    expect([code, output]).toEqual([
      2,
      `--to-file ${file} cannot be used (ENOENT): see to its folder and its rights.\n`,
    ]);
    expect((await roundhouse('list')).output).toBe('There are no API keys.\n');
  });
});
