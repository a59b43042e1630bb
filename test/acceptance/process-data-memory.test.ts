import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUESTIONS, writeOrders } from '../../bench/orders.js';
import { forgetPeak, peakRssMib, usageOf } from '../../bench/usage.js';
import { type HttpPeer, startHttpPeer } from '../support/http-peer.js';
import type { ProductProcess } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const MEGABYTES = 100;

/** The same as for a file of a gigabyte: it does not depend on the size. */
const MOST_MIB = 150;

describe('process_data', () => {
  let app: App;
  let dataDir: string;
  let peer: HttpPeer;
  let worker: ProductProcess;
  let idleMib: number;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'roundhouse-memory-'));
    await mkdir(join(dataDir, 'imports'));
    const file = join(dataDir, 'imports', 'orders.csv');
    await writeOrders(file, MEGABYTES);
    peer = await startHttpPeer({ '/orders.csv': (response) => createReadStream(file).pipe(response) });
    const environment = { DATA_DIR: dataDir, HTTP_ALLOW_HTTP: 'true', HTTP_ALLOW_PRIVATE: 'true' };
    app = await startApp('process data memory', { workers: 0, environment });
  });
  // What one question leaves behind is not the next one's.
  beforeEach(async () => {
    worker = await app.addWorker();
    await app.jobWith('COMPLETED', (await app.client.post('/tasks/echo')).body.job_id);
    idleMib = usageOf(pid()).rssMib;
  });
  afterEach(() => worker.stop());
  afterAll(async () => {
    await app?.stop();
    await peer?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const pid = () => worker.child.pid!;

  test.each([
    ['filter', 'file'],
    ['filter', 'url'],
    ['group', 'file'],
    ['sort', 'file'],
  ] as const)('takes little memory whatever the size: a %s of a %s', async (question, source) => {
    forgetPeak(pid());
    const from = source === 'file' ? { file: 'imports/orders.csv' } : { url: `${peer.url}/orders.csv` };
    const payload = { ...from, output: 'artifact', ...QUESTIONS[question] };
    const { job_id: id } = (await app.client.post('/tasks/process_data', payload)).body;
    const { result } = await app.jobWith('COMPLETED', id, 60_000);
    expect(result.bytes_read).toBeGreaterThan(MEGABYTES * 1_000_000);
    expect(result.rows_written).toBeGreaterThan(25_000);
    expect(peakRssMib(pid()) - idleMib).toBeLessThan(MOST_MIB);
  });
});
