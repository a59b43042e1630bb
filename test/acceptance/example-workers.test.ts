import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { SOON_MS, eventually } from '../support/eventually.js';
import { type HiredWorker, hireWorker } from '../support/example-worker.js';
import { type App, startApp } from '../support/start-app.js';

const WORKERS: { language: string; needs: string[]; command: [string, string] }[] = [
  { language: 'bash', needs: ['bash', 'curl'], command: ['bash', 'examples/workers/worker.sh'] },
  { language: 'python', needs: ['python3'], command: ['python3', 'examples/workers/worker.py'] },
];

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;

describe.each(WORKERS)('the example worker in $language', ({ language, needs, command }) => {
  const missing = needs.filter((program) => !isThere(program));
  if (missing.length > 0)
    console.log(`Not tested, because ${missing.join(' and ')} is missing here: ${command[1]}`);
  const check = missing.length > 0 ? test.skip : test;

  let app: App;
  const started: HiredWorker[] = [];
  beforeAll(async () => {
    app = await startApp(`example worker ${language}`, { workers: 1 });
  });
  afterEach(() => {
    for (const worker of started.splice(0)) worker.kill();
  });
  afterAll(() => app?.stop());

  function hire(name: string, api = app.api.ready, type = 'nap') {
    const hired = hireWorker(command, { api, type, queue: 'naps', name });
    started.push(hired);
    return hired;
  }

  async function submit(seconds: number): Promise<string> {
    return eventually(async () => {
      const { status, body } = await app.client.post('/jobs', { type: 'nap', payload: { seconds } });
      return status === 201 && body.job_id;
    });
  }

  const outcomes = async (id: string) =>
    (await app.client.get(`/jobs/${id}/attempts`)).body.attempts.map((each: any) => each.outcome);

  check('does its jobs, and ends at once at SIGTERM when it has none', async () => {
    const { child, output } = hire('one');
    const ids = await Promise.all([submit(0), submit(0.1), submit(0)]);
    for (const id of ids) {
      expect((await app.jobWith('COMPLETED', id)).result).toMatchObject({ by: 'one' });
      expect(await outcomes(id)).toEqual(['completed']);
    }
    const ended = once(child, 'exit');
    const at = performance.now();
    child.kill('SIGTERM');
    expect([await ended, performance.now() - at < SOON_MS]).toEqual([[0, null], true]);
    expect(output()).not.toMatch(/error|unbound|Traceback/i);
  });

  check('finishes its job first when it is told to end', async () => {
    const { child } = hire('one');
    const id = await submit(4);
    // From its first heartbeat on it surely knows that it has the job.
    await eventually(async () => {
      const { rows } = await app.database.pool.query(
        `SELECT lease_expires_at > started_at + interval '5500 ms' AS beats FROM jobs WHERE id = $1`,
        [id],
      );
      return rows[0].beats;
    });
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await outcomes(id)).toEqual(['completed']);
  });

  check('keeps a job that takes longer than its lease', async () => {
    hire('one');
    const id = await submit(8);
    expect((await app.jobWith('COMPLETED', id)).attempts).toBe(1);
  });

  check('goes on when an answer breaks off', async () => {
    const unreliable = await cutsFirstLeases(app.api.ready);
    hire('one', unreliable.address);
    const id = await submit(0);
    expect((await app.jobWith('COMPLETED', id)).result).toMatchObject({ by: 'one' });
    expect(unreliable.hasCut()).toBe(true);
    await unreliable.stop();
  });

  check('says why it is refused, declares its type again and goes on', async () => {
    const remove = () => app.client.send('DELETE', '/job-types/nap');
    const behind = await beforeFirstLeases(app.api.ready, async () =>
      expect((await remove()).status).toBe(204),
    );
    const { output } = hire('one', behind.address);
    await eventually(() => output().includes('"unknown_job_type"'));
    const id = await submit(0);
    expect((await app.jobWith('COMPLETED', id)).result).toMatchObject({ by: 'one' });
    await behind.stop();
  });

  check('goes on to say why nobody lets it have the type that it wants', async () => {
    const { child, output } = hire('one', app.api.ready, 'echo');
    const refusals = () => output().match(/This build has a handler/g) ?? [];
    await eventually(() => refusals().length > 1);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  check('loses its job to another one when it dies', async () => {
    const { child } = hire('dies');
    const id = await submit(4);
    await app.jobWith('PROCESSING', id);
    child.kill('SIGKILL');
    hire('takes over');
    expect((await app.jobWith('COMPLETED', id, 30_000)).result).toMatchObject({ by: 'takes over' });
    expect(await outcomes(id)).toEqual(['interrupted', 'completed']);
  });
});

/** The API behind a way on which the first answer to `POST /leases` breaks off in its midst. */
async function cutsFirstLeases(api: string) {
  let hasCut = false;
  const cutting = await beforeFirstLeases(api, (socket) => {
    hasCut = true;
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"le');
  });
  return { ...cutting, hasCut: () => hasCut };
}

/** The API behind a way on which this happens before the first `POST /leases` goes on, if it has not been answered then. */
async function beforeFirstLeases(api: string, happen: (socket: Socket) => unknown) {
  const { hostname, port } = new URL(api);
  let hasHappened = false;
  const open = new Set<Socket>();
  const pass = async (socket: Socket, request: Buffer) => {
    if (!hasHappened && request.toString().startsWith('POST /leases ')) {
      hasHappened = true;
      await happen(socket);
      if (socket.writableEnded) return;
    }
    const behind = connect(Number(port), hostname).on('error', () => socket.destroy());
    open.add(behind);
    behind.write(request);
    socket.pipe(behind).pipe(socket);
  };
  const server = createServer((socket) => {
    open.add(socket.on('error', () => undefined));
    socket.once('data', (request: Buffer) => {
      socket.pause();
      void pass(socket, request);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
