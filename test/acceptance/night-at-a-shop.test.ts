import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { type HiredWorker, hireWorker } from '../support/example-worker.js';
import { type HttpPeer, type Route, startHttpPeer } from '../support/http-peer.js';
import { type MailServer, startMailServer } from '../support/mail-server.js';
import { CALLBACK_SECRETS, Receiver, WEBHOOK_SETTINGS, verified } from '../support/receiver.js';
import { pdfPages } from '../support/reports.js';
import { type App, startApp } from '../support/start-app.js';

const ORDERS = 100_000;
const COUNTRIES = ['AT', 'BE', 'DE', 'FR', 'PL', 'SE'];

const centsOf = (order: number) => (order * 7_919) % 10_000;
const countryOf = (order: number) => COUNTRIES[(order * 31 + Math.floor(order / 7)) % COUNTRIES.length] ?? '';

/** A line for each order. */
function ordersAsCsv(): string {
  const lines = ['order,country,amount'];
  for (let order = 1; order <= ORDERS; order += 1)
    lines.push(`${order},${countryOf(order)},${(centsOf(order) / 100).toFixed(2)}`);
  return `${lines.join('\n')}\n`;
}

/** What the night's report must say, counted by itself. */
function figures() {
  const cents = new Map(COUNTRIES.map((country) => [country, 0]));
  for (let order = 1; order <= ORDERS; order += 1) {
    const country = countryOf(order);
    cents.set(country, (cents.get(country) ?? 0) + centsOf(order));
  }
  return {
    byCountry: [...cents].map(([country, sum]) => ({ country, total: sum / 100 })),
    total: [...cents.values()].reduce((all, sum) => all + sum, 0) / 100,
  };
}

/** What is put into `work` of the example: it compares what the job before it has found with what is in the till. */
const CHECK_TILL = `def work(job, lost):
    with urllib.request.urlopen(API + "/jobs/" + job["job_id"] + "/parents") as answer:
        [orders] = json.load(answer)["parents"]
    with urllib.request.urlopen(job["payload"]["till"]) as answer:
        till = json.load(answer)["total"]
    return {"missing": round(sum(row["total"] for row in orders["result"]["rows"]) - till, 2), "by": NAME}
`;

const workflow = (shop: string, callback: string) => ({
  name: 'night',
  callback_url: callback,
  jobs: [
    {
      ref: 'orders',
      type: 'process_data',
      payload: {
        url: `${shop}/orders.csv`,
        group_by: ['country'],
        aggregate: [
          { op: 'sum', field: 'amount', as: 'total' },
          { op: 'count', as: 'orders' },
        ],
        sort: [{ field: 'country' }],
      },
    },
    {
      ref: 'check',
      type: 'check_till',
      depends_on: ['orders'],
      payload: { seconds: 0, till: `${shop}/till` },
    },
    {
      ref: 'report',
      type: 'generate_report',
      depends_on: ['orders', 'check'],
      payload: {
        job_id: { $job: 'orders' },
        format: 'pdf',
        name: 'night.pdf',
        title: 'Orders of the day',
        columns: [
          { field: 'country', label: 'Country' },
          { field: 'orders', label: 'Orders', format: 'integer' },
          { field: 'total', label: 'Total', format: 'decimal' },
        ],
        summary: [
          { field: 'orders', op: 'sum' },
          { field: 'total', op: 'sum' },
        ],
      },
    },
    {
      ref: 'mail',
      type: 'send_email',
      depends_on: ['report'],
      payload: {
        to: ['Ada Lovelace <once-hang@example.org>'],
        subject: 'Orders of the day',
        text: 'The report is attached.',
        attachments: [{ job_id: { $job: 'report' }, artifact: 'night.pdf' }],
      },
    },
  ],
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('Skipped: a night at a shop (there is no python3)\n');

(hasPython ? describe : describe.skip)('a night at a shop', () => {
  let folder: string;
  let mails: MailServer;
  let receiver: Receiver;
  let shop: HttpPeer;
  let app: App;
  const hired: HiredWorker[] = [];
  /** What somebody has begun to read and does not get to the end of. */
  const halfRead = new Set<string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roundhouse-night-'));
    const example = await readFile('examples/workers/worker.py', 'utf8');
    const [head, rest] = [/^[^]*?(?=def work)/.exec(example)?.[0], /^def send[^]*/m.exec(example)?.[0]];
    await writeFile(join(folder, 'worker.py'), `${head}${CHECK_TILL}\n${rest}`);
    shop = await startHttpPeer({
      '/orders.csv': once(ordersAsCsv(), 'text/csv'),
      '/till': once(JSON.stringify({ total: figures().total }), 'application/json'),
    });
    [mails, receiver] = await Promise.all([startMailServer(), Receiver.start()]);
    app = await startApp('night at a shop', {
      workers: 2,
      environment: {
        ...WEBHOOK_SETTINGS,
        HTTP_ALLOW_HTTP: 'true',
        HTTP_ALLOW_PRIVATE: 'true',
        SMTP_URL: `smtp://localhost:${mails.port}`,
        MAIL_FROM: 'Shop <shop@example.org>',
      },
    });
  });
  afterAll(async () => {
    for (const worker of hired) worker.kill();
    await app?.stop();
    await Promise.all([mails?.stop(), receiver?.stop(), shop?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  /** Whoever reads it first gets no further than the middle, and is killed there. */
  function once(content: string, type: string): Route {
    let reads = 0;
    return (response, { url }) => {
      response.setHeader('Content-Type', type);
      if ((reads += 1) > 1) response.end(content);
      else response.write(content.slice(0, content.length / 2), () => halfRead.add(url));
    };
  }
  function hire(name: string): HiredWorker {
    const command = ['python3', join(folder, 'worker.py')] as const;
    const worker = hireWorker(command, { api: app.api.ready, type: 'check_till', queue: 'checks', name });
    hired.push(worker);
    return worker;
  }
  const workflowOfTonight = () =>
    eventually(async () => {
      const { body } = await app.client.get('/workflows?name=night');
      return body.workflows[0];
    });
  /** The ids of its jobs, by their names. */
  const jobsOf = async (workflowId: string): Promise<Map<string, string>> => {
    const { body } = await app.client.get(`/workflows/${workflowId}`);
    return new Map(body.graph.nodes.map(({ ref, job_id }: any) => [ref, job_id]));
  };
  const outcomes = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((each: any) => each.outcome);
  const kill = async (jobId: string) => {
    const worker = await app.workerOf(jobId);
    await Promise.all([app.addWorker(), worker.stop('SIGKILL')]);
  };

  test('everything arrives once, while workers of both kinds are killed', async () => {
    const python = hire('first');
    await eventually(async () => (await app.client.get('/job-types/check_till')).status === 200);
    const [callback, events] = [receiver.place(), receiver.place()];
    // The answer to the first event is lost.
    const lose = (response: { destroy(): void }) => response.destroy();
    receiver.answer(callback, lose);
    receiver.answer(events, lose);
    const hook = await app.client.post('/webhooks', {
      url: receiver.url(events),
      events: ['job.completed', 'workflow.completed'],
    });
    expect(hook.status).toBe(201);

    const start = new Date(Date.now() + 5_000).toISOString().replace(/[-:]|\.\d+/g, '');
    const schedule = await app.client.post('/schedules', {
      name: 'night',
      rrule: `DTSTART:${start}\nRRULE:FREQ=DAILY;COUNT=1`,
      workflow: workflow(shop.url, receiver.url(callback)),
    });
    expect([schedule.status, schedule.body]).toMatchObject([201, { next_run_at: expect.anything() }]);

    const { workflow_id: id } = await workflowOfTonight();
    const jobs = await jobsOf(id);
    const idOf = (ref: string): string => jobs.get(ref)!;
    await eventually(() => halfRead.has('/orders.csv'));
    await kill(idOf('orders'));
    await eventually(() => halfRead.has('/till'));
    python.kill();
    hire('second');
    await eventually(() => mails.mails.length > 0);
    await kill(idOf('mail'));

    await eventually(async () => {
      const { body } = await app.client.get(`/workflows/${id}`);
      if (body.status !== 'COMPLETED') throw new Error(JSON.stringify(body));
      return true;
    });
    expect(
      await Promise.all(['orders', 'check', 'report', 'mail'].map((ref) => outcomes(idOf(ref)))),
    ).toEqual([
      ['interrupted', 'completed'],
      ['interrupted', 'completed'],
      ['completed'],
      ['interrupted', 'completed'],
    ]);

    const { byCountry, total } = figures();
    const found = await app.jobWith('COMPLETED', idOf('orders'));
    expect(found.result.rows).toMatchObject(byCountry);
    const checked = await app.jobWith('COMPLETED', idOf('check'));
    expect(checked.result).toEqual({ missing: 0, by: 'second' });

    // The mail went twice, and whoever knows mails by their Message-ID has it once.
    expect(mails.mails.map(({ parsed }) => parsed.messageId)).toEqual(
      Array(2).fill(`<${idOf('mail')}@example.org>`),
    );
    const pdfs = mails.mails.map(({ parsed }) => parsed.attachments[0]!.content);
    expect(pdfs[1]).toEqual(pdfs[0]);
    const [page] = await pdfPages(pdfs[0]!);
    for (const words of ['Orders of the day', '100,000', total.toLocaleString('en')])
      expect(page).toContain(words);

    // So did the events whose answers were lost.
    const called = await receiver.arrivals(callback, 2);
    expect(called.map((each) => verified(CALLBACK_SECRETS[0], each))).toMatchObject(
      Array(2).fill({ type: 'workflow.completed', data: { workflow_id: id } }),
    );
    expect(new Set(called.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const arrived = await eventually(() => {
      const byId = new Map(receiver.at(events).map((each) => [each.headers['webhook-id'], each]));
      if (byId.size < 5) throw new Error(`${byId.size} events`);
      return byId;
    });
    expect(
      [...arrived.values()]
        .map((each) => verified(hook.body.secret, each))
        .map(nameOf)
        .sort(),
    ).toEqual(
      [...[...jobs.values()].map((jobId) => `job.completed ${jobId}`), `workflow.completed ${id}`].sort(),
    );

    // One night, one workflow.
    expect((await app.client.get('/schedules/night')).body).toMatchObject({
      last_workflow_id: id,
      next_run_at: null,
    });
    expect((await app.client.get('/workflows')).body.workflows).toHaveLength(1);
  });
});

function nameOf({ type, data }: { type: string; data: any }): string {
  return `${type} ${data.job_id ?? data.workflow_id}`;
}
