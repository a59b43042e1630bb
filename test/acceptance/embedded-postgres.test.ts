import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.ts';
import { eventually } from '../support/eventually.js';
import { RunningProgram, isRunning, processesNaming } from '../support/running-program.js';

const isRoot = process.getuid?.() === 0;

describe('the embedded PostgreSQL', () => {
  let home: string;
  const started: EmbeddedPostgres[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    home = makeHome();
    const server = await start();
    await query(server.url, 'CREATE TABLE notes (text text)');
    await server.stop();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
    lines.length = 0;
  });

  afterAll(() => {
    expect(processesNaming(home)).toEqual([]);
    rmSync(home, { recursive: true });
  });

  test('keeps what was written, and its address, over a restart', async () => {
    const first = await start();
    await query(first.url, `INSERT INTO notes VALUES ('kept')`);
    await first.stop();
    const second = await start();
    expect(second).toMatchObject({ url: first.url, adopted: false });
    expect(await query(second.url, `SELECT text FROM notes`)).toEqual([{ text: 'kept' }]);
  });

  test('commits durably and lets nobody in without its password', async () => {
    const { url } = await start();
    const [settings] = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', addresses: '127.0.0.1', sockets: '' });
    const stranger = new URL(url);
    stranger.password = 'guessed';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('comes back on the same port when the postmaster is killed', async () => {
    const { url } = await start();
    await query(url, `INSERT INTO notes VALUES ('before the crash')`);
    process.kill(postmaster(), 'SIGKILL');
    await eventually(() => query(url, 'SELECT 1'));
    expect(await query(url, `SELECT FROM notes WHERE text = 'before the crash'`)).toHaveLength(1);
    expect(lines).toEqual(expect.arrayContaining([expect.stringContaining('ended unexpectedly')]));
  });

  test('ends when the process that started it is killed', async () => {
    const starter = await startElsewhere();
    starter.kill('SIGKILL');
    await eventually(() => processesNaming(home).length === 0);
  });

  test('is watched over by a new supervisor when the first is killed', async () => {
    const starter = await startElsewhere();
    const pid = postmaster();
    const [supervisor] = processesNaming(home).filter((id) => id !== pid && id !== starter.pid);
    process.kill(supervisor!, 'SIGKILL');
    await eventually(() => processesNaming(home).some((id) => ![pid, supervisor, starter.pid].includes(id)));
    starter.kill('SIGKILL');
    await eventually(() => processesNaming(home).length === 0);
  });

  test('is adopted when both its starter and its supervisor were killed', async () => {
    const pid = await leaveOrphan();
    const server = await start();
    expect(server.adopted).toBe(true);
    expect(postmaster()).toBe(pid);
    await server.stop();
    expect(isRunning(pid)).toBe(false);
  });

  test('starts over a crash of everything, with a stale postmaster.pid', async () => {
    const pid = await leaveOrphan();
    process.kill(pid, 'SIGKILL');
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('starts although a stranger now has the process id in postmaster.pid', async () => {
    const stale = [process.pid, join(home, 'postgres', 'data'), 1, 1, '', '127.0.0.1', '1 1', 'ready', ''];
    writeFileSync(pidFile(), stale.join('\n'));
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('is shared by two starters, and stopped by the one that started it', async () => {
    const servers = await Promise.all([start(), start()]);
    const [owner, guest] = servers.sort((one, other) => Number(one.adopted) - Number(other.adopted));
    expect([owner.adopted, guest.adopted]).toEqual([false, true]);
    await guest.stop();
    lines.length = 0;
    await (await start()).stop();
    expect(lines).toEqual([]);
    expect(await query(owner.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await owner.stop();
    expect(processesNaming(home)).toEqual([]);
  });

  test('says that it starts, and nothing to whoever joins it', async () => {
    const owner = await start();
    expect(lines).toContain('Starting PostgreSQL 18 …');
    lines.length = 0;
    const guest = await start();
    expect([guest.adopted, lines]).toEqual([true, []]);
    await guest.stop();
    await owner.stop();
  });

  test('waits for another start that is about to write its postmaster.pid', async () => {
    writeFileSync(pidFile(), '');
    const starting = start();
    setTimeout(() => rmSync(pidFile()), 1_500);
    expect(await query((await starting).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('says what to do about one that was never written', async () => {
    writeFileSync(pidFile(), '');
    utimesSync(pidFile(), 1, 1);
    await expect(start()).rejects.toThrow(`remove the empty file ${home}/postgres/data/postmaster.pid`);
    rmSync(pidFile());
  });

  test('takes a free port when another program has the last one', async () => {
    const before = await start();
    await before.stop();
    const port = Number(new URL(before.url).port);
    const intruder = createServer().listen(port, '127.0.0.1').unref();
    const server = await start();
    intruder.close();
    expect(new URL(server.url).port).not.toBe(String(port));
    expect(await query(server.url, 'SELECT FROM notes LIMIT 1')).toHaveLength(1);
  });

  test('sweeps what a start that was killed half-way left, and makes one complete database', async () => {
    const fresh = makeHome();
    const leftover = join(fresh, 'postgres.new-2147483647-0');
    mkdirSync(leftover);
    const servers = await Promise.all([start(fresh), start(fresh)]);
    expect(servers[0].url).toBe(servers[1].url);
    expect(existsSync(leftover)).toBe(false);
    await Promise.all(started.splice(0).map((server) => server.stop()));
    rmSync(fresh, { recursive: true });
  });

  test('says what to do about a folder that holds something else', async () => {
    const fresh = makeHome();
    mkdirSync(join(fresh, 'postgres'));
    writeFileSync(join(fresh, 'postgres', 'letter.txt'), '');
    await expect(start(fresh)).rejects.toMatchObject({
      message: expect.stringMatching(/holds files but no database: move it away, or choose another/),
      exitCode: 78,
    });
    rmSync(fresh, { recursive: true });
  });

  (isRoot ? test : test.skip)('moves out of a folder that only root may enter', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'roundhouse-closed-'));
    const server = await start(join(closed, 'home'));
    const [row] = await query(server.url, 'SHOW data_directory');
    const folder = join(row!.data_directory as string, '..', '..');
    expect(folder).toMatch(/^\/var\/lib\/roundhouse\//);
    await server.stop();
    rmSync(folder, { recursive: true });
    rmSync(closed, { recursive: true });
  });

  async function start(where = home): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ home: where, log: (line) => lines.push(line) });
    started.push(server);
    return server;
  }

  async function startElsewhere(): Promise<RunningProgram> {
    const starter = RunningProgram.node(['test/support/start-postgres.mjs', home]);
    await starter.says(/^url \S+ adopted false$/m);
    return starter;
  }

  /** A postmaster that nobody watches over any more. */
  async function leaveOrphan(): Promise<number> {
    const starter = await startElsewhere();
    const pid = postmaster();
    const others = processesNaming(home).filter((id) => id !== pid);
    // The starter would replace a killed supervisor, and a living supervisor would stop the postmaster.
    process.kill(starter.pid, 'SIGSTOP');
    // It comes last: a supervisor that sees its pipe closed stops the postmaster, too.
    for (const id of others) if (id !== starter.pid) process.kill(id, 'SIGKILL');
    process.kill(starter.pid, 'SIGKILL');
    await eventually(() => processesNaming(home).every((id) => id === pid));
    return pid;
  }

  function postmaster(): number {
    return Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  }

  function pidFile(): string {
    return join(home, 'postgres', 'data', 'postmaster.pid');
  }
});

function makeHome(): string {
  return mkdtempSync(join(tmpdir(), 'roundhouse-postgres-'));
}

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
