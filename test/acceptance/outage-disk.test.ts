import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { judge, startLoad, stopWhenWell } from '../support/load.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { type ProductProcess, startProduct } from '../support/product.js';

const ANSWERED_WITHIN_MS = 5_000;

/** A disk of its own takes root and Linux. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', folder], { stdio: 'ignore' });
    chmodSync(folder, 0o777);
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

describe('a disk that is full', () => {
  let disk: string | undefined;
  let server: OwnPostgres | undefined;
  let processes: ProductProcess[] = [];
  beforeAll(async () => {
    disk = mountSmallDisk();
    if (!disk) return;
    server = await startOwnPostgres(disk);
    await server.pool.query(`ALTER SYSTEM SET max_wal_size = '32MB'`);
    await server.pool.query('SELECT pg_reload_conf()');
    processes = await Promise.all([startProduct('api', server.url), startProduct('worker', server.url)]);
  });
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await server?.stop();
    if (!disk) return;
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  test('is said plainly, loses nothing that was accepted, and is forgotten when there is room again', async () => {
    if (!disk || !server) {
      console.log('Skipped: a disk of its own needs root (mount -t tmpfs)');
      return;
    }
    const client = new Client(processes[0]!.ready);
    const ballast = join(disk, 'ballast');
    const job = { type: 'echo', payload: { text: 'x'.repeat(4_000) } };
    const load = startLoad([client], 6, job);
    await eventually(() => load.accepted.size > 20);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(Math.max(1, bavail - 64) * bsize));
    const refused = await eventually(async () => {
      const answer = await client.post('/jobs', job);
      return answer.status === 503 && answer.body.code === 'storage_full' ? answer : undefined;
    });
    expect(refused.headers.get('retry-after')).toBe('30');
    expect(refused.body.detail).toContain('no space left');
    expect((await client.get('/health/live')).status).toBe(200);
    rmSync(ballast);
    await stopWhenWell(load, ANSWERED_WITHIN_MS);
    const verdict = await judge(server.pool, load);
    console.log(`${verdict.accepted} accepted, ${load.refusals} told that there is no room`);
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, unfinished: 0, wronglyTold: 0 });
    expect(processes.map(({ child }) => child.exitCode)).toEqual([null, null]);
  });
});
