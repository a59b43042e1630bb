import { readFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { type App, startApp } from '../support/start-app.js';
import { SOON_MS, eventually } from '../support/eventually.js';

const SOCKETS = 200;

/** Three ways to keep a server waiting: nothing at all, headers and a body that come one byte a second. */
const BEGINNINGS = [
  '',
  'POST /jobs HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  'POST /jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"payload":{"a":"',
];

describe('clients that never come to an end', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('slow clients', { workers: 0 });
  });
  afterAll(() => app?.stop());

  const memoryMiB = () => {
    const status = readFileSync(`/proc/${app.api.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  };

  test('lose their connection after half a minute, cost little, and hold up nobody', async () => {
    await app.client.get('/jobs');
    const before = process.platform === 'linux' ? memoryMiB() : 0;
    const { hostname, port } = new URL(app.api.ready);
    const startedAt = performance.now();
    const closed: { kind: number; ms: number; answer: string }[] = [];
    const sockets = Array.from({ length: SOCKETS }, (_, number): Socket => {
      const kind = number % BEGINNINGS.length;
      let answer = '';
      const socket = connect(Number(port), hostname, () => socket.write(BEGINNINGS[kind]!));
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => closed.push({ kind, ms: performance.now() - startedAt, answer }));
      return socket;
    });
    const dripping = setInterval(() => {
      for (const [number, socket] of sockets.entries())
        if (number % BEGINNINGS.length > 0 && socket.writable) socket.write('x');
    }, 1_000);
    const waits: number[] = [];
    try {
      await eventually(async () => {
        const askedAt = performance.now();
        const { status } = await app.client.get('/jobs?limit=1');
        expect(status).toBe(200);
        waits.push(performance.now() - askedAt);
        return closed.length === SOCKETS;
      }, 60_000);
    } finally {
      clearInterval(dripping);
      for (const socket of sockets) socket.destroy();
    }
    const latest = (kind: number) =>
      Math.max(...closed.filter((one) => one.kind === kind).map(({ ms }) => ms));
    expect(latest(0)).toBeLessThan(35_000);
    expect(latest(1)).toBeLessThan(35_000);
    expect(latest(2)).toBeLessThan(60_000);
    expect(
      closed.filter(({ answer }) => !/^HTTP\/1\.1 408 .*"code":"request_timeout"/s.test(answer)),
    ).toEqual([]);
    const p99 = waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)]!;
    expect(p99).toBeLessThan(SOON_MS);
    if (process.platform === 'linux') expect(memoryMiB() - before).toBeLessThan(60);
  });

  test('that load balancers are may keep their connections for a minute', async () => {
    const answer = await fetch(`${app.api.ready}/health/live`);
    expect(answer.headers.get('keep-alive')).toBe('timeout=65');
  });
});
