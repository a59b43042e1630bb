import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { FIXTURE_APP, errorsIn } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';
import { TRAVERSALS } from '../support/traversals.js';

const LARGE = 3_000_000;
const LONG_MS = 60_000;

describe('files that jobs produce', () => {
  let app: App;
  /** A job with a small file, an empty one and a large one. */
  let id: string;
  beforeAll(async () => {
    app = await startApp('artifact files', {
      program: FIXTURE_APP,
      environment: { ARTIFACT_MAX_BYTES: String(LARGE) },
    });
    id = await run({
      files: [
        { name: 'large.bin', type: 'application/octet-stream', bytes: LARGE },
        { name: 'a small one.html', type: 'text/html; charset=utf-8', text: '<script>é</script>' },
        { name: 'empty.txt', text: '' },
      ],
    });
  });
  afterAll(() => app?.stop());

  const submit = async (payload: object, type = 'files'): Promise<string> =>
    (await app.client.post('/jobs', { type, payload, max_attempts: 1 })).body.job_id;
  const run = async (payload: object, type?: string): Promise<string> =>
    (await app.jobWith('COMPLETED', await submit(payload, type), LONG_MS)).job_id;
  const listOf = async (job: string) => (await app.client.get(`/jobs/${job}/artifacts`)).body.artifacts;
  const download = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${app.api.ready}/jobs/${id}/artifacts/${encodeURIComponent(name)}`, { method, headers });
  /** Sends the path as it is written, which fetch would tidy up. */
  const raw = async (path: string): Promise<{ status: number; body: string }> => {
    const sent = httpRequest(app.api.ready, { path, agent: false }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  };

  test('are listed by name with type, size, hash and address', async () => {
    const artifacts = await listOf(id);
    expect(artifacts.map(({ name }: { name: string }) => name)).toEqual([
      'a small one.html',
      'empty.txt',
      'large.bin',
    ]);
    expect(artifacts[0]).toEqual({
      name: 'a small one.html',
      content_type: 'text/html;charset=utf-8',
      bytes: 19,
      sha256: createHash('sha256').update('<script>é</script>').digest('hex'),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      url: `/jobs/${id}/artifacts/a%20small%20one.html`,
    });
    expect(await listOf(await run({}))).toEqual([]);
  });

  test('are downloaded as they are, and no browser runs them', async () => {
    const answer = await fetch(`${app.api.ready}${(await listOf(id))[0].url}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html;charset=utf-8',
      'content-length': '19',
      'content-disposition': `attachment; filename="a small one.html"; filename*=UTF-8''a%20small%20one.html`,
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
    });
    expect(await answer.text()).toBe('<script>é</script>');
    expect(await (await download('empty.txt')).text()).toBe('');
    const large = await download('large.bin');
    const bytes = Buffer.from(await large.arrayBuffer());
    expect(bytes.byteLength).toBe(LARGE);
    expect(large.headers.get('etag')).toBe(`"${createHash('sha256').update(bytes).digest('hex')}"`);
  });

  test('are downloaded once by whoever keeps the ETag, in parts, and described by HEAD', async () => {
    for (const name of ['large.bin', 'a small one.html']) {
      const head = await download(name, {}, 'HEAD');
      const etag = head.headers.get('etag') ?? '';
      const bytes = Number(head.headers.get('content-length'));
      expect(head.status).toBe(200);
      expect(bytes).toBe(name === 'large.bin' ? LARGE : 19);
      expect(await head.text()).toBe('');
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
        expect((await download(name, { 'If-None-Match': known })).status).toBe(304);
      expect((await download(name, { 'If-None-Match': '"other"' })).status).toBe(200);
      const part = await download(name, { Range: 'bytes=1-5', 'If-Range': etag });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes 1-5/${bytes}`);
      expect((await part.arrayBuffer()).byteLength).toBe(5);
      const other = await download(name, { Range: 'bytes=1-5', 'If-Range': '"other"' });
      expect(other.status).toBe(200);
      expect((await other.arrayBuffer()).byteLength).toBe(bytes);
      const outside = await download(name, { Range: `bytes=${bytes}-` });
      expect(outside.status).toBe(416);
      expect(outside.headers.get('content-range')).toBe(`bytes */${bytes}`);
      expect(await outside.json()).toMatchObject({ code: 'range_not_satisfiable' });
    }
  });

  test('that are not there are named, and what to do', async () => {
    const { status, body } = await app.client.get(`/jobs/${id}/artifacts/none.pdf`);
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'artifact_not_found',
      detail: expect.stringContaining('lists what it has'),
    });
    for (const path of [`/jobs/${randomUUID()}/artifacts`, '/jobs/nonsense/artifacts/a'])
      expect((await app.client.get(path)).body).toMatchObject({ status: 404, code: 'job_not_found' });
    expect((await app.client.send('DELETE', `/jobs/${id}/artifacts/large.bin`)).status).toBe(405);
  });

  test('lead nowhere, however their names are written', async () => {
    const twice = (name: string) => encodeURIComponent(encodeURIComponent(name));
    const encodings = [
      encodeURIComponent,
      twice,
      (name: string) => name.replace(/[^\x21-\x7e]/g, encodeURIComponent),
    ];
    for (const encode of encodings) {
      for (const name of TRAVERSALS) {
        const { status, body } = await raw(`/jobs/${id}/artifacts/${encode(name)}`);
        const { code, artifacts } = JSON.parse(body) as Record<string, unknown>;
        // What ends before the name is the list, or another address; never a file.
        if (status === 200) expect(artifacts).toHaveLength(3);
        else expect(code).toMatch(/^(artifact_not_found|not_found|bad_request|job_not_found)$/);
      }
    }
    expect(errorsIn(app.api.output())).toEqual([]);
  });

  test('with a name that cannot be, or beyond a limit, end the job with the reason', async () => {
    const failed = async (files: object[]) =>
      (await app.jobWith('FAILED', await submit({ files }), LONG_MS)).error_message as string;
    expect(await failed([{ name: '../../etc/passwd', text: 'x' }])).toMatch(
      /^The name of an artifact may hold/,
    );
    expect(await failed([{ name: 'a', type: 'a\r\nb: c', text: 'x' }])).toMatch(/must be a media type/);
    expect(await failed([{ name: 'a', bytes: LARGE + 1 }])).toMatch(
      /has more than 3000000 bytes: raise ARTIFACT_MAX/,
    );
  });

  test('stay when the attempt fails after them', async () => {
    const failed = await submit({ files: [{ name: 'a', text: 'x' }], fails: true });
    await app.jobWith('FAILED', failed, LONG_MS);
    expect(await listOf(failed)).toMatchObject([{ name: 'a' }]);
  });

  test('are read by other jobs together with the result, also in processes of their own', async () => {
    const alone = await run({ files: [{ name: 'b.bin', bytes: 2_000_000 }] }, 'files_alone');
    expect(await listOf(alone)).toMatchObject([{ name: 'b.bin', bytes: 2_000_000 }]);
    const next = await run({ of: alone, read: 'b.bin' }, 'files_alone');
    const { body } = await app.client.get(`/jobs/${next}`);
    expect(body.result).toEqual({ names: ['b.bin'], bytes: 2_000_000, result: { pid: expect.any(Number) } });
    const { result } = await app.jobWith('COMPLETED', await run({ of: id, read: 'empty.txt' }));
    expect(result.bytes).toBe(0);
    const why = async (payload: object) =>
      (await app.jobWith('FAILED', await submit(payload), LONG_MS)).error_message as string;
    expect(await why({ of: id, read: 'none' })).toContain('has no artifact "none"');
    const broken = await submit({ files: [{ name: 'a', text: 'x' }], fails: true });
    await app.jobWith('FAILED', broken, LONG_MS);
    expect(await why({ of: broken, read: 'a' })).toBe(
      `Job ${broken} is FAILED and has no result: name it in depends_on, so that this job starts after it has completed`,
    );
  });

  test('go with their job, and say so when their file is not here', async () => {
    const going = await submit({ files: [{ name: 'a', text: 'x' }], fails: true });
    await app.jobWith('FAILED', going, LONG_MS);
    expect((await app.client.send('DELETE', `/dead-letters/${going}`)).status).toBe(204);
    expect((await app.client.get(`/jobs/${going}/artifacts/a`)).status).toBe(404);
    const { rows } = await app.database.pool.query('SELECT FROM artifacts WHERE job_id = $1', [going]);
    expect(rows).toEqual([]);

    await rm(join(tmpdir(), basename(app.database.url)), { recursive: true });
    const { status, body } = await app.client.get(`/jobs/${id}/artifacts/large.bin`);
    expect([status, body.code]).toEqual([404, 'artifact_not_found']);
    expect(body.detail).toMatch(
      /not in this machine's DATA_DIR: let the API and all workers share one folder/,
    );
    expect((await download('empty.txt')).status).toBe(200);
  });
});
