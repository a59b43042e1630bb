import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

const PROGRAM = '/usr/sbin/pgbouncer';
const RUNUSER = '/usr/sbin/runuser';

/** How long (ms) the installation of the package may take before the tests go on without. */
const INSTALL_MS = 120_000;

/** A PgBouncer of a test's own. */
export interface PgBouncer {
  /** The database's address, through here. */
  readonly url: string;
  /** Ends it at once and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there can be no PgBouncer here; undefined when there can. Installs Debian's package where that is possible. */
function whyNoPgBouncer(): string | undefined {
  const isRoot = process.getuid?.() === 0;
  if (existsSync(PROGRAM)) return isRoot && !existsSync(RUNUSER) ? 'there is no runuser' : undefined;
  if (!isRoot) return 'PgBouncer is not installed, and only root can install it';
  try {
    for (const command of ['update -qq', 'install -y -qq --no-install-recommends pgbouncer']) {
      const args = ['-o', 'DPkg::Lock::Timeout=60', '-o', 'Acquire::http::Timeout=10', ...command.split(' ')];
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      execFileSync('apt-get', args, { stdio: 'ignore', timeout: INSTALL_MS, env });
    }
    return undefined;
  } catch {
    return "Debian's pgbouncer could not be installed";
  }
}

/** `describe` where there is a PgBouncer; elsewhere the tests are skipped, and the reason is printed. */
export function describeWithPgBouncer(name: string, tests: () => void): void {
  const reason = whyNoPgBouncer();
  if (reason) process.stderr.write(`Skipped: ${name} (${reason})\n`);
  (reason ? describe.skip : describe)(name, tests);
}

/** Starts PgBouncer on a free port, in front of the server of this address. */
export async function startPgBouncer(
  databaseUrl: string,
  settings: Readonly<Record<string, string | number>> = {},
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-pgbouncer-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  const runOnFreePort = async (tries: number): Promise<{ port: number; kill(): Promise<void> }> => {
    const port = await freePort();
    writeFileSync(file, configurationFor(new URL(databaseUrl), { ...settings, listen_port: port }));
    try {
      return { port, ...(await run(file, port)) };
    } catch (error) {
      // Somebody else may have taken the port meanwhile.
      if (tries === 1) throw error;
      return runOnFreePort(tries - 1);
    }
  };
  const { port, ...first } = await runOnFreePort(3);
  let running: { kill(): Promise<void> } = first;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    restart: async () => {
      await running.kill();
      running = await run(file, port);
    },
    stop: async () => {
      await running.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configurationFor(server: URL, settings: Readonly<Record<string, string | number>>): string {
  const all = {
    listen_addr: '127.0.0.1',
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: 20,
    max_client_conn: 500,
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const password = server.password ? ` password='${decodeURIComponent(server.password)}'` : '';
  const target = `host=${server.hostname} port=${server.port || 5432} user=${server.username}${password}`;
  return `[databases]\n* = ${target}\n\n[pgbouncer]\n${lines.join('\n')}\n`;
}

/** It refuses to run as root. */
async function run(file: string, port: number): Promise<{ kill(): Promise<void> }> {
  const isRoot = process.getuid?.() === 0;
  const [program, ...args] = isRoot ? [RUNUSER, '-u', 'nobody', '--', PROGRAM, file] : [PROGRAM, file];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', detached: true });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}: ${said}`);
    return answers(port);
  });
  return {
    // Its own process group: runuser stands between us and the program.
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
