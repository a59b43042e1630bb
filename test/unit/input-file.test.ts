import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { filePathFault, openInputFile } from '../../src/tasks/process-data/input-file.js';
import { TRAVERSALS } from '../support/traversals.js';

describe('a file below DATA_DIR', () => {
  let home: string;
  let dataDir: string;
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'roundhouse-input-')));
    dataDir = join(home, 'data');
    for (const folder of ['data/in', 'data/artifacts/a', 'data/tmp', 'outside'])
      await mkdir(join(home, folder), { recursive: true });
    for (const file of [
      'data/in/rows.csv',
      'data/artifacts/a/secret',
      'data/tmp/secret',
      'outside/secret',
      'secret',
    ])
      await writeFile(join(home, file), 'a,b\n1,2\n');
    await symlink('in/rows.csv', join(dataDir, 'inside'));
    await symlink(join(home, 'secret'), join(dataDir, 'out'));
    await symlink('../outside', join(dataDir, 'folder'));
    await symlink('artifacts/a', join(dataDir, 'others'));
    await symlink('in', join(dataDir, 'in2'));
    await symlink('loop', join(dataDir, 'loop'));
    await symlink('/dev/zero', join(dataDir, 'zero'));
    execFileSync('mkfifo', [join(dataDir, 'pipe')]);
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test.each(['in/rows.csv', 'inside', 'in2/rows.csv'])('is opened as %s', async (path) => {
    const { fd, bytes, close } = await openInputFile(dataDir, path);
    expect(fd).toBeGreaterThan(2);
    expect(bytes).toBe(8);
    await close();
  });

  test('is opened through a DATA_DIR that is a link itself', async () => {
    await symlink(dataDir, join(home, 'link'));
    const { bytes, close } = await openInputFile(join(home, 'link'), 'in/rows.csv');
    expect(bytes).toBe(8);
    await close();
  });

  test.each([
    ...['out', 'folder/secret', 'others/secret', 'zero', 'pipe', 'loop', 'in', 'nothing', 'in/rows.csv/x'],
    ...[
      'artifacts/a/secret',
      'tmp/secret',
      'ARTIFACTS/a/secret',
      'in/../artifacts/a/secret',
      '/proc/self/environ',
    ],
    ...[
      'in/../../secret',
      './in/rows.csv',
      'in//rows.csv',
      'in/rows.csv/',
      '',
      'x'.repeat(1_001),
      'x'.repeat(400),
    ],
    ...TRAVERSALS,
  ])('is not found at %j', async (path) => {
    await expect(openInputFile(dataDir, path)).rejects.toMatchObject({ name: 'PermanentFailure' });
  });

  test('has a path that is refused at once when its letters show where it leads', () => {
    for (const path of [
      '../secret',
      '/etc/passwd',
      'a/../../b',
      'a\\b',
      'a\0',
      'tmp/x',
      'a//b',
      '.',
      5,
      null,
    ])
      expect(filePathFault(path)).toBeDefined();
    for (const path of ['a.csv', 'a/b c/ü.csv', '...', 'a/tmp/x'])
      expect(filePathFault(path)).toBeUndefined();
  });
});
