import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/check-api-changes.mjs', import.meta.url));

/** An API with these operations. */
function api(version: string, ...operations: string[]): string {
  const paths = operations.map((name) => [`/${name}`, { get: { operationId: name, responses: {} } }]);
  return JSON.stringify({ info: { version }, paths: Object.fromEntries(paths) });
}

describe('the check of changes of the API', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'roundhouse-api-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Nothing of whoever runs the tests is heeded. */
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

  const git = (...args: string[]) => {
    const author = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
    execFileSync('git', [...author, ...args], { cwd: folder, env, stdio: 'ignore' });
  };

  const write = (document: string) => writeFileSync(path.join(folder, 'openapi.json'), document);

  const commit = (document: string, tag?: string) => {
    write(document);
    git('add', '-A');
    git('commit', '--allow-empty', '-m', 'x');
    if (tag !== undefined) git('tag', tag);
  };

  const check = (cwd = folder) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { cwd, env, encoding: 'utf8' });
    return { status, told: stdout + stderr };
  };

  test('passes where there is nothing to compare with: no history, no tag, or a tag from before', () => {
    write(api('1.0.0', 'jobs'));
    expect(check()).toEqual({ status: 0, told: 'There is no tag to compare openapi.json with.\n' });
    git('init');
    commit(api('1.0.0', 'jobs'));
    expect(check()).toEqual({ status: 0, told: 'There is no tag to compare openapi.json with.\n' });
    git('rm', '-q', '--cached', 'openapi.json');
    git('commit', '-m', 'x');
    git('tag', 'v0.9.0');
    expect(check()).toEqual({ status: 0, told: 'v0.9.0 has no openapi.json to compare with.\n' });
  });

  test('passes in a clone that has no tags', () => {
    git('init');
    commit(api('1.0.0', 'jobs'), 'v1.0.0');
    commit(api('1.0.0'));
    git('clone', '--depth', '1', '--no-tags', `file://${folder}`, 'shallow');
    const shallow = check(path.join(folder, 'shallow'));
    expect(shallow).toEqual({ status: 0, told: 'There is no tag to compare openapi.json with.\n' });
    expect(check().status).toBe(1);
  });

  test('compares with the newest version, not with the latest tag', () => {
    git('init');
    commit(api('1.10.0', 'jobs', 'queues'), 'v1.10.0');
    commit(api('1.9.1', 'jobs'), 'v1.9.1');
    git('tag', 'v1.10.0-rc.1');
    git('tag', 'nightly');
    write(api('1.11.0', 'jobs', 'queues', 'workers'));
    expect(check()).toEqual({ status: 0, told: 'openapi.json keeps all that v1.10.0 promised.\n' });
  });

  test('fails with what breaks, and says what to do', () => {
    git('init');
    commit(api('1.0.0', 'jobs', 'queues'), 'v1.0.0');
    write(api('1.1.0', 'jobs'));
    const { status, told } = check();
    expect(status).toBe(1);
    expect(told).toMatch(
      /^openapi.json breaks callers of v1.0.0:\n {2}GET \/queues is gone\nKeep it as it was, or/,
    );
  });

  test('lists what breaks and passes when the version says that it may', () => {
    git('init');
    commit(api('1.0.0', 'jobs'), 'v1.0.0');
    write(api('2.0.0'));
    const { status, told } = check();
    expect(status).toBe(0);
    expect(told).toContain('as version 2.0.0 may:\n  GET /jobs is gone');
  });
});
