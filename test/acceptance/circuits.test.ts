import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

/** What the fixture app's jobs of type `call` depend on: answers as it is told, or only when it is told to. */
class Peer {
  status = 200;
  /** Requests that wait for `answerAll`; undefined = they are answered at once. */
  held: ServerResponse[] | undefined;
  hits = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (_request, response: ServerResponse) => {
      this.hits += 1;
      if (this.held) this.held.push(response);
      else this.answer(response);
    });
  }

  static async start(): Promise<Peer> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Peer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  hold(): void {
    this.held = [];
  }

  answerAll(status: number, { goOnHolding = false } = {}): void {
    this.status = status;
    const held = this.held ?? [];
    this.held = goOnHolding ? [] : undefined;
    for (const response of held) this.answer(response);
  }

  stop(): void {
    this.answerAll(200);
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(response: ServerResponse): void {
    response.statusCode = this.status;
    response.end();
  }
}

describe('a job type with a circuit', () => {
  let app: App;
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.start();
    app = await startApp('circuits', {
      program: FIXTURE_APP,
      workers: 2,
      environment: { WORKER_CONCURRENCY: '4', STALLED_WORKER_TIMEOUT: '5' },
    });
  });
  afterAll(async () => {
    peer?.stop();
    await app?.stop();
  });

  const submit = async (more: object = {}): Promise<string> =>
    (await app.client.post('/jobs', { type: 'call', payload: { url: peer.url }, max_attempts: 1, ...more }))
      .body.job_id;
  const submitMany = (count: number, more: object = {}) =>
    Promise.all(Array.from({ length: count }, () => submit(more)));
  const allWith = (status: string, ids: readonly string[]) =>
    Promise.all(ids.map((id) => app.jobWith(status, id)));
  const circuit = async () => {
    const { body } = await app.client.get('/job-types');
    return body.job_types.find(({ type }: { type: string }) => type === 'call').circuit;
  };
  const gauge = async () => {
    const text = await (await fetch(`${app.api.ready}/metrics`)).text();
    return text.match(/^circuit_open\{.*job_type="call".*\} (\d)$/m)?.[1];
  };
  const probeBegins = () => eventually(() => peer.held?.length === 1);
  /** Three fail in a row; from then on what is asked of the peer waits. */
  const breakIt = async () => {
    peer.status = 503;
    const broken = await submitMany(3);
    await allWith('FAILED', broken);
    peer.hold();
    peer.hits = 0;
  };

  test('is sound at first', async () => {
    expect(await circuit()).toMatchObject({ state: 'closed', failures: 3, cool_down: 0.3, until: null });
    await app.jobWith('COMPLETED', await submit());
    expect(await gauge()).toBe('0');
  });

  test('holds its jobs back, unspent, tries one at a time, and goes on when one succeeds', async () => {
    await breakIt();
    const waiting = await submitMany(7);
    const aliased = await submit({ type: 'call_out', queue: 'mail' });
    await probeBegins();
    expect(await circuit()).toMatchObject({ state: 'half_open', failures_in_a_row: 3 });
    expect(await gauge()).toBe('1');
    await app.jobWith('COMPLETED', await submit({ type: 'echo' }));

    const jobs = await Promise.all(
      [...waiting, aliased].map(async (id) => (await app.client.get(`/jobs/${id}`)).body),
    );
    const held = jobs.filter(({ status }) => status === 'PENDING');
    expect(jobs.filter(({ status }) => status === 'PROCESSING')).toHaveLength(1);
    expect(held.map(({ attempts }) => attempts)).toEqual(Array(7).fill(0));
    for (const { job_id } of held) {
      const { body } = await app.client.get(`/jobs/${job_id}/explain`);
      expect(body.reasons.map(({ code }: { code: string }) => code)).toEqual(['circuit_open', 'in_line']);
    }

    peer.answerAll(503, { goOnHolding: true });
    await probeBegins();
    expect(peer.hits).toBe(2);
    expect(await circuit()).toMatchObject({ state: 'half_open', failures_in_a_row: 4 });

    peer.answerAll(200);
    await eventually(async () => (await circuit()).state === 'closed');
    const ended = await Promise.all([...waiting, aliased].map((id) => eventually(() => endOf(id))));
    expect(ended.filter((status) => status === 'COMPLETED')).toHaveLength(7);
    expect(ended.filter((status) => status === 'FAILED')).toHaveLength(1);
    expect(peer.hits).toBe(8);
    expect(await circuit()).toMatchObject({ state: 'closed', failures_in_a_row: 0, until: null });
    expect(await gauge()).toBe('0');
  });

  test('tries another job when the worker that tried one is lost', async () => {
    await breakIt();
    const waiting = await submitMany(4, { max_attempts: 2 });
    await probeBegins();
    const [probe] = await eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT probe_job FROM circuits WHERE probe_job IS NOT NULL`,
      );
      return rows;
    });
    const worker = await app.workerOf(probe.probe_job);
    await worker.stop('SIGKILL');
    peer.answerAll(200);
    await allWith('COMPLETED', waiting);
    expect(await circuit()).toMatchObject({ state: 'closed' });
    await app.addWorker();
  });

  test('does not open for errors that do not count', async () => {
    peer.status = 404;
    await allWith('FAILED', await submitMany(6));
    expect(await circuit()).toMatchObject({ state: 'closed', failures_in_a_row: 0 });
  });

  async function endOf(id: string): Promise<string | undefined> {
    const { body } = await app.client.get(`/jobs/${id}`);
    return body.finished_at === null ? undefined : body.status;
  }
});
