import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOON_MS, eventually } from '../support/eventually.js';
import { type HttpPeer, startHttpPeer, writeForEver } from '../support/http-peer.js';
import type { ProductProcess } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const ORDERS = 'country,amount\nDE,12.50\nFR,8\nDE,3.50\nUS,\n';

/** Enough rows for several runs of a sort. */
const MANY = Array.from({ length: 40_000 }, (_, n) => `${(n * 7_919) % 40_000},${'x'.repeat(250)}\n`).join(
  '',
);

describe('process_data', () => {
  let app: App;
  let peer: HttpPeer;
  let dataDir: string;
  /** What the peer does with a request for rows without end. */
  let endless = true;
  let cuts = 1;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'roundhouse-rows-'));
    await mkdir(join(dataDir, 'imports'));
    await writeFile(join(dataDir, 'imports', 'orders.csv'), ORDERS);
    await writeFile(join(dataDir, 'imports', 'many.csv'), `n,text\n${MANY}`);
    await symlink('/etc/hostname', join(dataDir, 'imports', 'elsewhere.csv'));
    peer = await startHttpPeer({
      '/orders': (response) => response.writeHead(200, { 'content-type': 'text/csv' }).end(ORDERS),
      '/moved': (response) => response.writeHead(302, { location: '/orders' }).end(),
      '/metadata': (response) =>
        response.writeHead(302, { location: 'http://169.254.169.254/latest/orders.csv' }).end(),
      '/round': (response) => response.writeHead(302, { location: '/round' }).end(),
      '/packed': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
      '/cut.csv': (response) => {
        response.writeHead(200, { 'content-length': ORDERS.length });
        if (cuts-- > 0) response.write(ORDERS.slice(0, 20), () => response.destroy());
        else response.end(ORDERS);
      },
      '/endless.csv': (response) => {
        response.write('n,text\n');
        if (endless) writeForEver(response, Buffer.from(MANY));
        else response.end('2,b\n1,a\n');
      },
    });
    const environment = { DATA_DIR: dataDir, HTTP_ALLOW_HTTP: 'true', HTTP_ALLOW_PRIVATE: 'true' };
    app = await startApp('process data', { environment });
  });
  afterAll(async () => {
    await app?.stop();
    await peer?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const submit = async (payload: object, more: object = {}): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { type: 'process_data', payload, ...more });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.job_id;
  };
  const resultOf = async (payload: object) => (await app.jobWith('COMPLETED', await submit(payload))).result;
  const faultsOf = async (payload: object) =>
    (await app.client.post('/tasks/process_data', payload)).body.errors.map(({ pointer, detail }: any) => [
      pointer,
      detail,
    ]);
  const artifactOf = async (id: string, name: string) =>
    (await fetch(`${app.api.ready}/jobs/${id}/artifacts/${name}`)).text();
  const worker = () => app.workers.at(-1)!;

  test('groups, adds up and sorts what stands in the payload', async () => {
    expect(
      await resultOf({
        data: ORDERS,
        group_by: ['country'],
        aggregate: [{ op: 'sum', field: 'amount', as: 'total' }, { op: 'count' }],
        sort: [{ field: 'total', order: 'desc' }],
      }),
    ).toEqual({
      rows: [
        { country: 'DE', total: 16, count: 2 },
        { country: 'FR', total: 8, count: 1 },
        { country: 'US', total: 0, count: 1 },
      ],
      rows_written: 3,
      rows_read: 4,
      rows_matched: 4,
      rows_skipped: 0,
      bytes_read: ORDERS.length,
      columns: ['country', 'total', 'count'],
    });
  });

  test('filters JSON Lines and gives columns other names', async () => {
    const data = '{"user":{"name":"Ann"},"age":41,"tags":["a"]}\n{"user":{"name":"Bob"},"age":7}\n';
    const result = await resultOf({
      data,
      filter: [{ field: 'age', op: 'gt', value: 18 }],
      select: ['user.name', 'tags'],
      rename: { 'user.name': 'name' },
    });
    expect(result).toMatchObject({ rows: [{ name: 'Ann', tags: ['a'] }], rows_read: 2, rows_matched: 1 });
  });

  test('reads a file of DATA_DIR and writes an artifact, sorted', async () => {
    const sorting = { file: 'imports/many.csv', select: ['n'], sort: [{ field: 'n' }], output: 'artifact' };
    const id = await submit({
      ...sorting,
      name: 'sorted.jsonl',
      filter: [{ field: 'n', op: 'lt', value: 30_000 }],
    });
    const { result, progress } = await app.jobWith('COMPLETED', id);
    const text = await artifactOf(id, 'sorted.jsonl');
    expect(result).toMatchObject({ rows_written: 30_000, rows_read: 40_000, columns: ['n'] });
    expect(result.rows).toBeUndefined();
    expect(result.artifact).toMatchObject({
      name: 'sorted.jsonl',
      content_type: 'application/x-ndjson',
      bytes: text.length,
    });
    expect(text).toBe(Array.from({ length: 30_000 }, (_, n) => `{"n":"${n}"}\n`).join(''));
    expect(progress.message).toMatch(/^\d+\.\d MB read of 10\.2 MB$/);
  });

  test('reads what a URL leads to, over a redirect, and once more after the connection broke', async () => {
    const query = { filter: [{ field: 'country', op: 'eq', value: 'DE' }], output: 'artifact' };
    const id = await submit({ ...query, url: `${peer.url}/moved` });
    await app.jobWith('COMPLETED', id);
    expect(await artifactOf(id, 'rows.csv')).toBe('country,amount\nDE,12.50\nDE,3.50\n');
    const backoff = { base_delay: 0, jitter: 0 };
    const again = await submit({ ...query, url: `${peer.url}/cut.csv` }, { max_attempts: 2, backoff });
    expect(await app.jobWith('COMPLETED', again)).toMatchObject({ attempts: 2, result: { rows_written: 2 } });
  });

  test.each([
    [{ url: '/nowhere' }, /answered with status 404: mend the URL/],
    [{ url: '/round' }, /redirected more than 3 times/],
    [{ url: '/metadata' }, /redirected to leads to a cloud metadata service|where no request may go/],
    [{ url: '/packed' }, /sent the rows compressed \(gzip\)/],
    [{ file: 'imports/none.csv' }, /is not there: put it below DATA_DIR/],
    [{ file: 'imports' }, /is no regular file/],
    [{ file: 'imports/elsewhere.csv' }, /leads out of DATA_DIR/],
    [
      { data: 'a,b\n1,2\n3\n' },
      /^Line 3 has 1 field where the first row has 2\. Mend it, or say on_error: skip/,
    ],
    [{ data: ORDERS, select: ['contry'] }, /There is no column "contry"\. Did you mean "country"\?/],
    [{ file: 'imports/many.csv' }, /The result has more than 256 KiB\. Say limit, or output: artifact/],
    [{ file: 'imports/many.csv', select: ['n'] }, /The result has more than 1,000 rows\. Say limit/],
    [
      { file: 'imports/many.csv', output: 'artifact', group_by: ['n', 'text', 'x'] },
      /There is no column "x"/,
    ],
  ])('says what is wrong at the first attempt: %j', async (payload, message) => {
    const url = 'url' in payload ? { url: peer.url + payload.url } : {};
    const id = await submit({ ...payload, ...url }, { max_attempts: 3 });
    expect(await app.jobWith('FAILED', id)).toMatchObject({ attempts: 1 });
    expect((await app.client.get(`/jobs/${id}`)).body.error_message).toMatch(message);
  });

  test('leaves out rows that cannot be read when told to, and says which', async () => {
    const id = await submit({ data: 'a,b\n1,2\n3\n"x"y,4\n5,6\n', on_error: 'skip' });
    const { result } = await app.jobWith('COMPLETED', id);
    expect(result).toMatchObject({
      rows: [
        { a: '1', b: '2' },
        { a: '5', b: '6' },
      ],
      rows_read: 4,
      rows_skipped: 2,
    });
    const { logs } = (await app.client.get(`/jobs/${id}/logs`)).body;
    expect(logs.map(({ message }: any) => message)).toEqual([
      'Line 3 has 1 field where the first row has 2: left out',
      'Line 4 has text after a closing quote: write quotes inside a field twice: left out',
    ]);
  });

  test('refuses at submission what could never work', async () => {
    expect(await faultsOf({})).toEqual([
      ['/data', 'Say where the rows are: data (the text itself), url or file'],
    ]);
    expect(await faultsOf({ data: 'a\n', file: 'a.csv' })).toEqual([
      ['/data', 'data cannot be given beside file: rows come from one place'],
      ['/file', 'file cannot be given beside data: rows come from one place'],
    ]);
    const data = ORDERS;
    expect(await faultsOf({ file: '../secret.csv' })).toEqual([['/file', expect.stringContaining('".."')]]);
    expect(await faultsOf({ url: 'ftp://example.com/x' })).toEqual([
      ['/url', expect.stringContaining('https://')],
    ]);
    expect(
      await faultsOf({
        data,
        filter: [
          { field: 'a', op: 'eq', value: 1 },
          { field: 'a', op: 'is', vlaue: 1 },
        ],
      }),
    ).toEqual(
      expect.arrayContaining([
        ['/filter/1/vlaue', expect.stringContaining('Did you mean "value"?')],
        ['/filter/1/op', expect.stringContaining('one of')],
      ]),
    );
    expect(await faultsOf({ data, filter: [{ field: 'a', op: 'in', value: 'x' }] })).toEqual([
      ['/filter/0/value', 'value must be a list of 1 to 1000 texts, numbers, true or false for in'],
    ]);
    expect((await faultsOf({ data, aggregate: [{ op: 'sum' }] }))[0][0]).toBe('/aggregate/0/field');
    expect(await faultsOf({ data, select: ['a'], group_by: ['a'] })).toEqual([
      ['/select', expect.stringContaining('group_by')],
    ]);
    expect(await faultsOf({ data, name: 'x.csv' })).toEqual([['/name', 'name is for output: artifact']]);
    expect(await faultsOf({ data, output: 'artifact', name: '../x' })).toEqual([
      ['/name', expect.stringContaining('name may hold')],
    ]);
  });

  test('ends within a second when it is cancelled, in the middle of a sort too, and frees the disk', async () => {
    const id = await submit({ url: `${peer.url}/endless.csv`, sort: [{ field: 'n' }], output: 'artifact' });
    await eventually(() => sortsOf(worker()));
    const asked = Date.now();
    expect((await app.client.post(`/jobs/${id}/cancel`)).status).toBe(202);
    const { finished_at } = await app.jobWith('CANCELLED', id);
    expect(Date.parse(finished_at) - asked).toBeLessThan(SOON_MS);
    await eventually(async () => (await peer.connections()) === 0 && (await sortsOf(worker())) === 0);
    expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
  });

  test('runs again after its worker was killed, and leaves nothing behind', async () => {
    const id = await submit({ url: `${peer.url}/endless.csv`, sort: [{ field: 'n' }] });
    await eventually(() => sortsOf(worker()));
    endless = false;
    const killed = worker();
    await app.addWorker();
    await killed.stop('SIGKILL');
    expect(await app.jobWith('COMPLETED', id)).toMatchObject({
      attempts: 2,
      result: {
        rows: [
          { n: '1', text: 'a' },
          { n: '2', text: 'b' },
        ],
      },
    });
    expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
  });
});

/** How many temporary files of sorts a process has open. */
async function sortsOf({ child }: ProductProcess): Promise<number> {
  const folder = `/proc/${child.pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')),
  );
  return links.filter((link) => link.includes('sorted-rows-')).length;
}
