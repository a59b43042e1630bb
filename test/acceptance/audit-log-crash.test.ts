import { startAudited } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { Client } from '../support/http.js';
import { tolerateStatus } from '../support/openapi/watch-answers.js';
import { startProduct } from '../support/product.js';

const LATER = { payload: {}, schedule_in: 3_600 };
const URL = 'https://hooks.example.com/';
const CRON = { cron: '0 3 1 1 *', job: { type: 'echo', payload: {} } };
const TABLES = [
  'jobs',
  'queues',
  'schedules',
  'webhooks',
  'api_keys',
  'job_types',
  'bulk_operations',
  'error_groups',
];

describe('a change and its record', () => {
  let audited: Awaited<ReturnType<typeof startAudited>>;
  beforeAll(async () => {
    audited = await startAudited('audit log crash');
  });
  afterAll(() => audited?.app.stop());

  const query = async (text: string, values: unknown[] = []) =>
    (await audited.app.database.pool.query(text, values)).rows;
  /** Everything that somebody can change. */
  const picture = async () => {
    const columns = TABLES.map(
      (table) =>
        `(SELECT json_agg(to_jsonb(t) - 'last_used_at' ORDER BY t::text) FROM ${table} t) AS ${table}`,
    );
    return (await query(`SELECT ${columns.join(', ')}`))[0];
  };

  test('are there both or neither: what cannot be recorded is not done', async () => {
    tolerateStatus(500);
    const { send } = audited;
    const { job_id: waiting } = await send('POST', '/jobs', LATER);
    await send('POST', '/jobs', { ...LATER, queue: 'dead' });
    const { job_id: ended } = await send('POST', '/jobs', LATER);
    await send('POST', `/jobs/${ended}/cancel`);
    const { workflow_id: workflow } = await send('POST', '/workflows', { jobs: [{ ref: 'a', ...LATER }] });
    await send('POST', '/schedules', { name: 'daily', ...CRON });
    const { webhook_id: webhook } = await send('POST', '/webhooks', { url: URL, events: ['job.failed'] });
    const { key_id: key } = await send('POST', '/keys', { name: 'ci', scopes: ['jobs:read'] });
    await send('PUT', '/job-types/resize', { description: 'Resizes' });
    const wishes: [string, string, object?][] = [
      ['POST', `/jobs/${waiting}/cancel`],
      ['POST', `/jobs/${waiting}/run-now`],
      ['PATCH', `/jobs/${waiting}`, { priority: 1 }],
      ['POST', `/jobs/${ended}/retry`],
      ['DELETE', `/dead-letters/${ended}`],
      ['POST', '/bulk-operations', { action: 'cancel', all: true }],
      ['POST', '/dead-letters/redrive', { filter: { queue: 'default' } }],
      ['POST', `/workflows/${workflow}/cancel`],
      ['PATCH', '/queues/default', { dead_letter_queue: 'dead' }],
      ['POST', '/queues/default/pause'],
      ['POST', '/schedules', { name: 'weekly', ...CRON }],
      ['PATCH', '/schedules/daily', { cron: '0 4 1 1 *' }],
      ['POST', '/schedules/daily/pause'],
      ['POST', '/schedules/daily/run'],
      ['DELETE', '/schedules/daily'],
      ['POST', '/webhooks', { url: URL, events: ['job.failed'] }],
      ['PATCH', `/webhooks/${webhook}`, { description: 'x' }],
      ['POST', `/webhooks/${webhook}/rotate-secret`],
      ['POST', `/webhooks/${webhook}/test`],
      ['POST', `/webhooks/${webhook}/disable`],
      ['POST', `/webhooks/${webhook}/enable`],
      ['DELETE', `/webhooks/${webhook}`],
      ['POST', '/keys', { name: 'x', scopes: ['admin'] }],
      ['POST', `/keys/${key}/rotate`],
      ['DELETE', `/keys/${key}`],
      ['PUT', '/job-types/shrink', { description: 'x' }],
      ['DELETE', '/job-types/resize'],
    ];
    await query('ALTER TABLE audit_log ADD CONSTRAINT nothing CHECK (false) NOT VALID');
    try {
      for (const [method, path, body] of wishes) {
        const before = await picture();
        const { status } = await audited.ask(method, path, body);
        expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 500`);
        expect(await picture()).toEqual(before);
      }
    } finally {
      await query('ALTER TABLE audit_log DROP CONSTRAINT nothing');
    }
  });

  test('are there both or neither after kill -9 of the API', async () => {
    const { job_id: id } = await audited.send('POST', '/jobs', LATER);
    for (let round = 0; round < 3; round += 1) {
      const api = await startProduct('api', audited.app.database.url, { AUTH_MODE: 'open' });
      const client = new Client(api.ready);
      let answers = 0;
      const edits = Array.from({ length: 6 }, async (_, lane) => {
        for (let step = 0; ; step += 1) {
          const priority = 1 + ((step + lane) % 10);
          await client.send('PATCH', `/jobs/${id}`, JSON.stringify({ priority }));
          answers += 1;
        }
      });
      const ended = Promise.allSettled(edits);
      await eventually(() => answers > 15 + round);
      await api.stop('SIGKILL');
      await ended;
    }
    const open = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`;
    await eventually(async () => (await query(open)).length === 0);
    const [counted] = await query(
      `SELECT (SELECT count(*)::int FROM job_events WHERE job_id::text = $1 AND event = 'updated') AS changes,
              (SELECT count(*)::int FROM audit_log WHERE subject_id = $1 AND action = 'job.edit') AS records`,
      [id],
    );
    expect(counted.changes).toBeGreaterThan(45);
    expect(counted.records).toBe(counted.changes);
  });
});
