import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { RunningProgram, isRunning, processesNaming } from '../support/running-program.js';

const READY = /^Roundhouse is ready: (http:\/\/127\.0\.0\.1:\d+)$/m;

describe('npm start', () => {
  let home: string;
  const started: RunningProgram[] = [];

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'roundhouse-launcher-'));
  });

  afterEach(() => {
    for (const program of started.splice(0)) program.kill('SIGKILL');
  });

  afterAll(() => {
    expect(processesNaming(home)).toEqual([]);
    rmSync(home, { recursive: true });
  });

  test('says that it is ready, restarts what crashes, and stops without a trace', async () => {
    const launcher = start();
    const [, url] = await launcher.says(READY);
    expect((await fetch(url!)).status).toBeLessThan(500);

    const second = start();
    expect(await second.exited).toMatchObject({ code: 78 });
    expect(second.output).toMatch(/^Roundhouse is already running in \S+ \(process \d+\): .+\n$/);

    const everything = launcher.descendants();
    process.kill(
      everything.find((pid) => isNodeProcess(pid))!,
      'SIGKILL',
    );
    await launcher.says(/^The (API|worker) ended unexpectedly \(SIGKILL\); starting it again in 0\.5 s\.$/m);
    await launcher.says(/^The (API|worker) is ready again\.$/m);
    expect((await fetch(url!)).status).toBeLessThan(500);

    const remains = launcher.descendants();
    launcher.kill('SIGTERM');
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
    expect(remains.filter(isRunning)).toEqual([]);
    expect(readdirSync(home)).toEqual(['postgres']);
  });

  test('lets one of two that start together have the home, and leaves nothing when it is killed', async () => {
    const launchers = [start(), start()];
    const loser = await Promise.race(
      launchers.map(async (launcher) => {
        await launcher.exited;
        return launcher;
      }),
    );
    expect(loser.output).toContain('is already running');
    const winner = launchers.find((launcher) => launcher !== loser)!;
    await winner.says(READY);
    const everything = winner.descendants();
    expect(everything.length).toBeGreaterThan(3);
    winner.kill('SIGKILL');
    await eventually(() => everything.filter(isRunning).length === 0);
  });

  test('stops in the middle of its start', async () => {
    const launcher = start();
    await launcher.says(/^Starting PostgreSQL 18 …$/m);
    launcher.kill('SIGINT');
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
    expect(launcher.output).not.toMatch(READY);
    expect(processesNaming(home)).toEqual([]);
  });

  test('gives up with one sentence when the port of the API is taken', async () => {
    const intruder = createServer().unref();
    await new Promise<void>((done) => intruder.listen(0, '127.0.0.1', done));
    const { port } = intruder.address() as AddressInfo;
    const launcher = start({ PORT: String(port) });
    expect(await launcher.exited).toMatchObject({ code: 78 });
    intruder.close();
    expect(launcher.output).toMatch(new RegExp(`^.*\\b${port}\\b.*$`, 'm'));
    expect(launcher.output).not.toMatch(/\n\s+at /);
    expect(processesNaming(home)).toEqual([]);
  });

  test('refuses faulty settings, all at once', async () => {
    const launcher = start({ PORT: 'eighty', JOB_TIMEOUT: '0' });
    expect(await launcher.exited).toMatchObject({ code: 78 });
    expect(launcher.output).toMatch(/PORT .*eighty[^]*JOB_TIMEOUT|JOB_TIMEOUT[^]*PORT .*eighty/);
  });

  test('refuses a role of its own without a database to share', async () => {
    const api = start({ ROLE: 'api' });
    expect(await api.exited).toMatchObject({ code: 78 });
    expect(api.output).toMatch(/^ROLE=api needs a database .*set DATABASE_URL.*\n$/);
  });

  function start(environment: Record<string, string> = {}): RunningProgram {
    const program = RunningProgram.node(['--enable-source-maps', 'dist/src/main.js'], {
      ROUNDHOUSE_HOME: home,
      ROLE: 'all',
      PORT: '0',
      WORKER_METRICS_PORT: '0',
      LOG_LEVEL: 'warn',
      // What the machine that runs the tests has set is not meant for this service.
      DATABASE_URL: '',
      DATABASE_DIRECT_URL: '',
      PROCRASTINATE_DATABASE_URL: '',
      PGHOST: '',
      PGPORT: '',
      PGDATABASE: '',
      ...environment,
    });
    started.push(program);
    return program;
  }
});

function isNodeProcess(pid: number): boolean {
  return processesNaming('dist/src/main.js').includes(pid);
}
