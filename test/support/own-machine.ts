import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/database/embedded/port.js';
import { RunningProgram } from './running-program.js';

const VERSIONS = '/usr/lib/postgresql';

const isRoot = process.getuid?.() === 0;

/** Where Debian keeps PostgreSQL's programs of the newest version that is installed. */
const programs = ((): string | undefined => {
  try {
    const [newest] = readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one));
    const folder = join(VERSIONS, newest!, 'bin');
    return readdirSync(folder).includes('pg_basebackup') ? folder : undefined;
  } catch {
    return undefined;
  }
})();

/** `describe` where PostgreSQL's own programs are; elsewhere the tests are skipped, and the reason is printed. */
export function describeWithPostgres(name: string, tests: () => void): void {
  if (programs === undefined)
    process.stderr.write(
      `Skipped: ${name} (there is no PostgreSQL in ${VERSIONS}: apt-get install postgresql)\n`,
    );
  (programs === undefined ? describe.skip : describe)(name, tests);
}

/** A machine of its own, as documents have it: its data, its backups, a PostgreSQL that `systemctl` starts and stops. */
export interface Machine {
  /** Of the database `roundhouse`, as superuser. */
  readonly url: string;
  readonly port: number;
  readonly data: string;
  readonly backups: string;
  /** Runs a script as the user postgres, to its first failure, and answers with what it wrote. */
  run(script: string, more?: Record<string, string>): Promise<string>;
  /** The same as whoever runs Roundhouse. */
  operate(script: string, more?: Record<string, string>): Promise<string>;
  /** Ends PostgreSQL as a crash does. */
  crash(): void;
  /** Ends what runs, and removes everything. */
  remove(): Promise<void>;
}

/** One with an empty database, or without any. */
export async function ownMachine({ isEmpty = false } = {}): Promise<Machine> {
  const home = mkdtempSync(join(tmpdir(), 'roundhouse-machine-'));
  const port = await freePort();
  const data = join(home, 'main');
  const environment = {
    ...{ PGDATA: data, BACKUPS: join(home, 'backups'), HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    ...{ PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', LOG: join(home, 'log') },
    ...{ PATH: `${makePrograms(home)}:${programs!}:/usr/sbin:/usr/bin:/bin` },
  };
  const shell = async (user: readonly string[], script: string, more: Record<string, string>) => {
    const line = [...user, 'bash', '-euo', 'pipefail', '-c', script];
    const program = RunningProgram.of(line, { ...environment, ...more });
    const { code } = await program.exited;
    if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${program.output}`);
    return program.output;
  };
  const asPostgres = isRoot ? ['/usr/sbin/runuser', '-u', 'postgres', '--'] : [];
  const machine: Machine = {
    url: `postgresql://postgres@127.0.0.1:${port}/roundhouse`,
    port,
    data,
    backups: environment.BACKUPS,
    run: (script, more = {}) => shell(asPostgres, script, more),
    operate: (script, more = {}) => shell([], script, more),
    crash() {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
    },
    async remove() {
      await machine.run('test ! -e "$PGDATA/postmaster.pid" || pg_ctl stop -m immediate > /dev/null || true');
      rmSync(home, { recursive: true, force: true });
    },
  };
  chmodSync(home, 0o755);
  if (isRoot) execFileSync('chown', ['postgres', home]);
  if (!isEmpty) await machine.run(CREATE);
  return machine;
}

/** What is said of the place and the port goes along with copies of the files. */
const CREATE = `
initdb -U postgres --auth=trust -E UTF8 > /dev/null
cat >> "$PGDATA/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
END
systemctl start postgresql@15-main
createdb roundhouse`;

/** Commands of the documents that no test may carry out as they are, and ours, which is built already. */
function makePrograms(home: string): string {
  const folder = join(home, 'bin');
  mkdirSync(folder);
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  write('sudo', 'exec "$@"');
  write(
    'systemctl',
    `
case "$*" in
  start*postgresql*|stop*postgresql*|restart*postgresql*)
    options=(); [ "$1" = stop ] || options=(-o "-p $PGPORT")
    exec pg_ctl "$1" -w -t 120 -D "$PGDATA" -l "$LOG" "\${options[@]}" ;;
  *) echo "systemctl $*" ;;
esac`,
  );
  const node = [process.execPath, '--enable-source-maps', join(process.cwd(), 'dist/src/cli/main.js')];
  write('roundhouse', `exec ${node.map((word) => `'${word}'`).join(' ')} "$@"`);
  return folder;
}
