import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUESTIONS, writeOrders } from '../../bench/orders.js';
import { forgetPeak, peakRssMib, usageOf } from '../../bench/usage.js';
import { type App, startApp } from '../support/start-app.js';

const MEGABYTES = 100;

/** The same as for a file of a gigabyte: it does not depend on the size. */
const MOST_MIB = 150;

describe('process_data', () => {
  let app: App;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'roundhouse-memory-'));
    await mkdir(join(dataDir, 'imports'));
    await writeOrders(join(dataDir, 'imports', 'orders.csv'), MEGABYTES);
    app = await startApp('process data memory', { environment: { DATA_DIR: dataDir } });
  });
  afterAll(async () => {
    await app?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('takes little memory whatever the size of the file', async () => {
    const pid = app.workers[0]!.child.pid!;
    await app.jobWith('COMPLETED', (await app.client.post('/tasks/echo')).body.job_id);
    const idle = usageOf(pid).rssMib;
    const rows: Record<string, number> = {};
    for (const [name, question] of Object.entries(QUESTIONS)) {
      forgetPeak(pid);
      const payload = { file: 'imports/orders.csv', output: 'artifact', ...question };
      const { job_id: id } = (await app.client.post('/tasks/process_data', payload)).body;
      const { result } = await app.jobWith('COMPLETED', id, 60_000);
      rows[name] = result.rows_written;
      expect(result.bytes_read).toBeGreaterThan(MEGABYTES * 1_000_000);
      expect(peakRssMib(pid) - idle).toBeLessThan(MOST_MIB);
    }
    const { result } = (await app.client.get('/jobs?type=process_data&limit=1')).body.jobs[0];
    expect(rows).toEqual({ filter: expect.any(Number), group: 25_015, sort: result.rows_read });
  });
});
