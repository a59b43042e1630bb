import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DataSource } from 'typeorm';
import {
  type ArtifactStore as Store,
  ArtifactNotFoundError,
  ArtifactRefusedError,
  ArtifactStore,
  ArtifactSweep,
  ArtifactTooLargeError,
  ArtifactUnavailableError,
  ArtifactsModule,
  InvalidArtifactError,
  TooManyArtifactsError,
} from '../../src/artifacts/index.js';
import { Gate } from '../../src/common/index.js';
import type { ClaimedJob } from '../../src/queue/index.js';
import { compile } from '../support/compile.js';
import { insertFailedJobs } from '../support/failed-jobs.js';
import { type TestQueue, startQueue } from '../support/queue.js';
import { TRAVERSALS } from '../support/traversals.js';

const MIB = 1_048_576;
const MAX_BYTES = 3 * MIB;
const HOUR_MS = 3_600_000;
const DONE = { kind: 'completed', result: null } as const;
const signal = new AbortController().signal;

describe('artifacts', () => {
  let fixture: TestQueue;
  let stop: () => Promise<void>;
  let store: Store;
  let sweep: ArtifactSweep;
  let dataDir: string;
  let folder: string;
  beforeAll(async () => {
    fixture = await startQueue('artifacts');
    dataDir = await mkdtemp(join(tmpdir(), 'roundhouse-artifacts-'));
    const environment = { DATA_DIR: dataDir, ARTIFACT_MAX_BYTES: String(MAX_BYTES) };
    const app = await compile(fixture.database.url, { imports: [ArtifactsModule], environment });
    await app.init();
    await app.get(DataSource).initialize();
    stop = () => app.close();
    store = app.get(ArtifactStore);
    sweep = app.get(ArtifactSweep);
    const [own] = await fixture.rows('SELECT name FROM artifact_folder');
    folder = join(dataDir, 'artifacts', own!.name);
  });
  afterAll(async () => {
    await stop?.();
    await fixture?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const writerOf = (job: ClaimedJob) => ({ jobId: job.id, attempt: job.attempts, signal });
  const started = async () => writerOf(await fixture.started());
  const contentOf = async (jobId: string, name: string) => buffer((await store.open(jobId, name)).content);
  const folderOf = (jobId: string) => join(folder, jobId.slice(-2), jobId);
  const filesOf = (jobId: string) => readdir(folderOf(jobId)).catch(() => []);
  const age = async (path: string) => {
    const then = new Date(Date.now() - HOUR_MS - 60_000);
    await utimes(path, then, then);
  };
  async function* pieces(total: number, size = 300_000): AsyncGenerator<Uint8Array> {
    const memory = new Uint8Array(size);
    for (let sent = 0; sent < total; sent += size) {
      // One piece of memory for all, as parsers have it.
      memory.fill(sent / size);
      yield memory.subarray(0, Math.min(size, total - sent));
    }
  }

  test.each([
    ['nothing', 0],
    ['a byte', 1],
    ['as much as the database takes', MIB],
    ['a byte more, in a file', MIB + 1],
    ['as much as is allowed', MAX_BYTES],
  ])('come back as they were written: %s', async (_, bytes) => {
    const writer = await started();
    const copies: Buffer[] = [];
    for await (const piece of pieces(bytes)) copies.push(Buffer.from(piece));
    const expected = Buffer.concat(copies);
    const written = await store.write(writer, 'a.bin', 'application/x-test', pieces(bytes));
    expect(written).toMatchObject({ name: 'a.bin', contentType: 'application/x-test', bytes });
    expect(await store.list(writer.jobId)).toEqual([written]);
    expect((await contentOf(writer.jobId, 'a.bin')).equals(expected)).toBe(true);
    expect(await filesOf(writer.jobId)).toHaveLength(bytes > MIB ? 1 : 0);
    const { content, range } = await store.open(writer.jobId, 'a.bin', () => ({ start: 1, end: 10 }));
    expect([...(await buffer(content))]).toEqual([...expected.subarray(1, 11)]);
    expect(range).toEqual({ start: 1, end: 10 });
  });

  test('take text as UTF-8 and bytes as they are, and have their SHA-256', async () => {
    const writer = await started();
    await store.write(writer, 'a.txt', 'text/plain', 'é');
    await store.write(writer, 'b.bin', 'application/octet-stream', new Uint8Array([1, 2]));
    expect(await store.list(writer.jobId)).toMatchObject([
      { name: 'a.txt', bytes: 2, sha256: '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c' },
      { name: 'b.bin', bytes: 2 },
    ]);
  });

  test('of the same name are replaced, and the file goes', async () => {
    const writer = await started();
    const large = () => store.write(writer, 'a', 'text/plain', pieces(2 * MIB));
    const first = await large();
    const [file] = await filesOf(writer.jobId);
    const { content: old } = await store.open(writer.jobId, 'a');
    const second = await large();
    expect(second.createdAt.getTime()).toBeGreaterThanOrEqual(first.createdAt.getTime());
    expect(await filesOf(writer.jobId)).toHaveLength(1);
    expect(await filesOf(writer.jobId)).not.toContain(file);
    // Who had opened the old one reads it to its end.
    expect((await buffer(old)).byteLength).toBe(2 * MIB);
    await store.write(writer, 'a', 'text/html', 'small');
    expect(await filesOf(writer.jobId)).toEqual([]);
    expect(await store.list(writer.jobId)).toMatchObject([{ contentType: 'text/html', bytes: 5 }]);
    expect(String(await contentOf(writer.jobId, 'a'))).toBe('small');
  });

  test.each([
    ['has ended', (job: ClaimedJob) => fixture.settle(job, DONE)],
    [
      'was taken over',
      (job: ClaimedJob) => fixture.rows('UPDATE jobs SET attempts = 2 WHERE id = $1', [job.id]),
    ],
    ['has no job any more', (job: ClaimedJob) => fixture.rows('DELETE FROM jobs WHERE id = $1', [job.id])],
  ])('are refused from an attempt that %s, and leave nothing', async (_, lose) => {
    const job = await fixture.started();
    async function* lateContent(): AsyncGenerator<Uint8Array> {
      yield* pieces(2 * MIB);
      await lose(job);
    }
    const writing = store.write(writerOf(job), 'a', 'text/plain', lateContent());
    await expect(writing).rejects.toBeInstanceOf(ArtifactRefusedError);
    await expect(store.write(writerOf(job), 'b', 'text/plain', 'x')).rejects.toThrow(
      /attempt 1 of job .* counts/,
    );
    expect(await store.list(job.id)).toEqual([]);
    expect(await filesOf(job.id)).toEqual([]);
  });

  test('of one job are at most 100, also when they are written at the same time', async () => {
    const writer = await started();
    // More would wait for a connection, and not for one another.
    const connections = new Gate(12);
    const names = Array.from({ length: 103 }, (_, index) => `file-${index}`);
    const settled = await Promise.allSettled(
      names.map((name) => connections.pass(signal, () => store.write(writer, name, 'text/plain', 'x'))),
    );
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(3);
    expect(refused.every((error) => error instanceof TooManyArtifactsError)).toBe(true);
    const [one] = await store.list(writer.jobId);
    await store.write(writer, one!.name, 'text/plain', 'replaced');
    expect(await store.list(writer.jobId)).toHaveLength(100);
  });

  test('beyond ARTIFACT_MAX_BYTES, that fail half-way or whose attempt is told to end leave nothing', async () => {
    const writer = await started();
    const write = (content: AsyncIterable<Uint8Array>, more = {}) =>
      store.write({ ...writer, ...more }, 'a', 'text/plain', content);
    await expect(write(pieces(MAX_BYTES + 1))).rejects.toBeInstanceOf(ArtifactTooLargeError);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* pieces(2 * MIB);
      throw new RangeError('its own fault');
    }
    await expect(write(broken())).rejects.toThrow(RangeError);
    const ending = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield* pieces(2 * MIB);
      ending.abort(new Error('told to end'));
      yield new Uint8Array(1);
    }
    await expect(write(slow(), { signal: ending.signal })).rejects.toThrow('told to end');
    await expect(write([7] as never)).rejects.toThrow(TypeError);
    expect(await store.list(writer.jobId)).toEqual([]);
    expect(await filesOf(writer.jobId)).toEqual([]);
  });

  test('have names that lead nowhere', async () => {
    const writer = await started();
    for (const name of TRAVERSALS) {
      await expect(store.write(writer, name, 'text/plain', 'x')).rejects.toBeInstanceOf(InvalidArtifactError);
      await expect(store.open(writer.jobId, name)).rejects.toBeInstanceOf(ArtifactNotFoundError);
      await expect(store.open(name, 'a')).rejects.toBeInstanceOf(ArtifactNotFoundError);
      expect(await store.list(name)).toEqual([]);
    }
    await expect(store.write(writer, 'a', 'text', 'x')).rejects.toBeInstanceOf(InvalidArtifactError);
  });

  test('whose file is not here are unavailable, which may pass', async () => {
    const writer = await started();
    await store.write(writer, 'a', 'text/plain', pieces(2 * MIB));
    await rm(folderOf(writer.jobId), { recursive: true });
    await expect(store.open(writer.jobId, 'a')).rejects.toBeInstanceOf(ArtifactUnavailableError);
  });

  test('that cannot be written say which folder, and what to do', async () => {
    const writer = await started();
    await mkdir(join(folder, writer.jobId.slice(-2)), { recursive: true });
    await writeFile(folderOf(writer.jobId), 'in the way');
    const writing = store.write(writer, 'a', 'text/plain', pieces(2 * MIB));
    await expect(writing).rejects.toThrow(dataDir);
    await expect(writing).rejects.toThrow(/EEXIST.* or set DATA_DIR/);
    await rm(folderOf(writer.jobId));
  });

  test('go with their job, in numbers by index', async () => {
    const client = await fixture.database.pool.connect();
    try {
      for (let turn = 0; turn < 8; turn++) {
        await client.query('VACUUM ANALYZE jobs, artifacts');
        await insertFailedJobs(fixture.database.pool, 2, { status: 'PENDING' });
        await client.query(`DELETE FROM jobs WHERE status = 'PENDING'`);
      }
      await client.query('DELETE FROM jobs');
      await insertFailedJobs(fixture.database.pool, 10_000, { status: 'PENDING' });
      await client.query(`
        INSERT INTO artifacts (job_id, name, content_type, bytes, sha256, content)
        SELECT id, n::text, 'text/plain', 1, '', 'x' FROM jobs CROSS JOIN generate_series(1, 3) n`);
      await client.query(
        `UPDATE jobs SET status = 'CANCELLED', finished_at = now(), last_event = 'cancelled'`,
      );
      await client.query(`SET statement_timeout = '8s'`);
      expect((await client.query('DELETE FROM jobs')).rowCount).toBe(10_000);
      expect(await fixture.rows('SELECT FROM artifacts')).toEqual([]);
    } finally {
      await client.query('RESET statement_timeout');
      client.release();
    }
  });

  describe('that nobody has any more', () => {
    beforeEach(() => rm(folder, { recursive: true, force: true }));

    /** An id whose last two digits, and so its shelf, are given. */
    const idOnShelf = (shelf: string) => `${randomUUID().slice(0, -2)}${shelf}`;
    const abandoned = async (
      jobId: string,
      { young = false, name = randomUUID().replaceAll('-', '') } = {},
    ) => {
      const path = join(folderOf(jobId), name);
      await mkdir(folderOf(jobId), { recursive: true });
      await writeFile(path, 'x');
      if (!young) await age(path);
      return path;
    };
    const isThere = (path: string) =>
      stat(path).then(
        () => true,
        () => false,
      );

    test('are swept away when they are an hour old, with empty folders, and nothing else is', async () => {
      const writer = await started();
      await store.write(writer, 'a', 'text/plain', pieces(2 * MIB));
      const [kept] = await filesOf(writer.jobId);
      await age(join(folderOf(writer.jobId), kept!));
      const replaced = await abandoned(writer.jobId);
      const unfinished = await abandoned(writer.jobId, { name: `${'0'.repeat(32)}.tmp` });
      const foreign = await abandoned(writer.jobId, { name: 'notes.txt' });
      const young = await abandoned(writer.jobId, { young: true });
      const gone = idOnShelf(writer.jobId.endsWith('aa') ? 'bb' : 'aa');
      const ofGone = await abandoned(gone);
      await age(folderOf(gone));
      const otherDatabase = join(dataDir, 'artifacts', randomUUID(), '00', gone, '0'.repeat(32));
      await mkdir(join(otherDatabase, '..'), { recursive: true });
      await writeFile(otherDatabase, 'x');
      await age(otherDatabase);

      expect(await sweep.sweep(HOUR_MS)).toBe(3);
      expect(await Promise.all([replaced, unfinished, ofGone].map(isThere))).toEqual([false, false, false]);
      expect(await Promise.all([foreign, young, otherDatabase].map(isThere))).toEqual([true, true, true]);
      expect((await readFile(join(folderOf(writer.jobId), kept!))).byteLength).toBe(2 * MIB);
      for (const empty of [folderOf(gone), join(folderOf(gone), '..')]) {
        await age(empty);
        await sweep.sweep(HOUR_MS);
        expect(await isThere(empty)).toBe(false);
      }
    });

    test('are swept a portion at a time, and the next pass goes on', async () => {
      const ids = Array.from({ length: 250 }, (_, index) => idOnShelf(index % 2 ? 'aa' : 'bb'));
      await Promise.all(ids.map((id) => abandoned(id)));
      const removed: number[] = [];
      for (let pass = 0; pass < 10; pass++) removed.push(await sweep.sweep(0));
      expect(removed.reduce((sum, count) => sum + count)).toBe(250);
      expect(Math.max(...removed)).toBe(100);
    });
  });
});
