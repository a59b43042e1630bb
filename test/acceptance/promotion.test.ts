import { QueueService } from '../../src/queue/index.js';
import { SOON_MS } from '../support/eventually.js';
import { startProcess } from '../support/queue.js';
import { type App, startApp } from '../support/start-app.js';

describe('a job that joins the line only when it is due', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('promotion');
  });
  afterAll(() => app?.stop());

  test('starts at its time, the earliest first asked for or last, and not at the next round of promotion', async () => {
    const operator = await startProcess(app.database.url, { types: [{ type: 'echo' }] });
    const ids: string[] = [];
    for (const delayMs of [2_000, 1_000, 1_500]) {
      const job = { type: 'echo', payload: {}, lock: `lock ${delayMs}`, delayMs };
      const [enqueued] = await operator.get(QueueService).enqueue([job]);
      expect(enqueued!.job.ticketed).toBe(false);
      ids.push(enqueued!.job.id);
    }
    for (const id of ids) {
      const job = await app.jobWith('COMPLETED', id, 8_000);
      const late = Date.parse(job.started_at) - Date.parse(job.scheduled_at);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(SOON_MS);
    }
    await operator.close();
  });
});
