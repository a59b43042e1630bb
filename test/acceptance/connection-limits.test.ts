import { type Socket, connect } from 'node:net';
import { eventually } from '../support/eventually.js';
import { KEYS_ONLY, startLockedApp } from '../support/keys.js';
import { type ProductProcess, startProduct } from '../support/product.js';
import type { App } from '../support/start-app.js';

/** A connection, and what came over it. */
class Line {
  text = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(url: string, beginning = '') {
    const { port } = new URL(url);
    this.socket = connect(Number(port), '127.0.0.1', () => this.socket.write(beginning));
    this.socket.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.isClosed = true));
  }

  /** Asks for something, and resolves with the status that comes. */
  async ask(): Promise<number> {
    this.text = '';
    this.socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    return eventually(() => this.status);
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.text)?.[1] ?? 0);
  }

  /** Whether the other side serves it. */
  async isServed(): Promise<boolean> {
    this.socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    return eventually(() => (this.isClosed ? 'no' : this.status === 200 ? 'yes' : undefined)).then(
      (word) => word === 'yes',
    );
  }
}

describe('an API', () => {
  let app: App;
  const started: ProductProcess[] = [];
  const lines: Line[] = [];
  beforeAll(async () => {
    const locked = await startLockedApp('connection_limits');
    ({ app } = locked);
    await locked.allowed('admin');
  });
  afterEach(async () => {
    for (const { socket } of lines.splice(0)) socket.destroy();
    await Promise.all(started.splice(0).map((api) => api.stop()));
  });
  afterAll(() => app?.stop());

  const start = async (environment: Record<string, string>) => {
    const api = await startProduct('api', app.database.url, environment);
    started.push(api);
    return api;
  };
  const open = ({ ready }: ProductProcess, beginning?: string) => {
    const line = new Line(ready, beginning);
    lines.push(line);
    return line;
  };
  const served = async (all: Line[]) => {
    const answers = await Promise.all(all.map((line) => line.isServed()));
    return answers.filter(Boolean).length;
  };
  const several = (count: number, api: ProductProcess) => Array.from({ length: count }, () => open(api));

  test('has so many connections, closes what comes beyond at once, and says so', async () => {
    const api = await start({ HTTP_MAX_CONNECTIONS: '10' });
    const first = several(10, api);
    expect(await served(first)).toBe(10);
    expect(await served(several(5, api))).toBe(0);
    await api.says('set HTTP_MAX_CONNECTIONS higher');
    first[0]!.socket.destroy();
    await eventually(async () => (await served([open(api)])) === 1);
    expect(await first[1]!.ask()).toBe(200);
  });

  test('gives one address a tenth of them, so that it cannot shut out all others', async () => {
    const public_ = { ...KEYS_ONLY, HOST: '0.0.0.0', HTTP_MAX_CONNECTIONS: '50' };
    const api = await start(public_);
    const first = several(5, api);
    expect(await served(first)).toBe(5);
    expect(await served(several(5, api))).toBe(0);
    await api.says('127.0.0.1 has 5 connections');
    first[0]!.socket.destroy();
    await eventually(async () => (await served([open(api)])) === 1);

    const behindProxy = await start({ ...public_, TRUST_PROXY: '127.0.0.1' });
    expect(await served(several(40, behindProxy))).toBe(40);
  });

  const HEAD = 'POST /jobs/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

  test.each([
    ['of a length', `${HEAD}Content-Length: 30000000\r\n\r\n`],
    ['in chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`],
    ['with a key that was made up', `${HEAD}Authorization: Bearer rh_x\r\nContent-Length: 30000000\r\n\r\n`],
  ])('reads no large body of a stranger: %s', async (_what, head) => {
    const line = open(app.api, head);
    await eventually(() => line.isClosed);
    expect(line.status).toBe(401);
    expect(line.text).toContain('"code":"unauthenticated"');
    expect(line.text.toLowerCase()).toContain('connection: close');
  });

  test('reads large bodies as far as its memory lasts, and small ones always', async () => {
    const api = await start({});
    const large = Array.from({ length: 8 }, () =>
      open(api, `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`),
    );
    const refused = await eventually(() => {
      const line = open(api, `${HEAD}Content-Length: 100000\r\n\r\n`);
      return eventually(() => (line.isClosed ? line : undefined), 500);
    });
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('"code":"overloaded"');
    const small = await fetch(`${api.ready}/jobs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ payload: {} }),
    });
    expect(small.status).toBe(201);
    for (const { socket } of large) socket.destroy();
    const body = JSON.stringify({ jobs: [{ payload: { text: 'x'.repeat(100_000) } }] });
    await eventually(async () => {
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
      return (await fetch(`${api.ready}/jobs/batch`, init)).status === 201;
    });
  });

  test('tells of a hundred faults at most, however many there are', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, number) => `prio${number}`);
    const api = await start({});
    const query = await fetch(`${api.ready}/jobs?${names(800).join('&')}`);
    const body = JSON.stringify({
      payload: {},
      ...Object.fromEntries(names(60_000).map((name) => [name, 1])),
    });
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
    for (const answer of [query, await fetch(`${api.ready}/jobs`, init)]) {
      const { code, errors } = (await answer.json()) as { code: string; errors: unknown[] };
      expect([answer.status, code, errors.length]).toEqual([422, 'validation_failed', 100]);
    }
  });
});
