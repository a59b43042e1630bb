import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, resolve } from 'node:path';
import { eventually } from './eventually.js';

const MAIN = resolve('dist/src/cli/main.js');

/** How a command has ended, and what it has written. */
export interface CliOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export class CliRun {
  stdout = '';
  stderr = '';
  readonly exited: Promise<CliOutcome>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // One that ends without having read all of it is none of the test's business.
    child.stdin?.on('error', () => undefined);
    this.exited = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Waits until it has written this, on either stream. */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    try {
      return await eventually(() => (this.stdout + this.stderr).match(pattern));
    } catch {
      throw new Error(`It did not say ${pattern} but:\n${this.stdout}${this.stderr}`);
    }
  }
}

/** The `roundhouse` command, as somebody calls it for whom a service runs at this address. */
export class Cli {
  constructor(
    private readonly url: string,
    private readonly environment: Readonly<Record<string, string>> = {},
  ) {}

  /** The same, with other variables. */
  with(environment: Readonly<Record<string, string>>): Cli {
    return new Cli(this.url, { ...this.environment, ...environment });
  }

  /** Runs it to its end. */
  async run(args: readonly string[], input?: string): Promise<CliOutcome> {
    const run = this.start(args);
    run.child.stdin?.end(input ?? '');
    return run.exited;
  }

  start(args: readonly string[]): CliRun {
    return new CliRun(spawn(process.execPath, ['--enable-source-maps', MAIN, ...args], { env: this.env }));
  }

  /** Runs a line of a shell in which `roundhouse` is bin/roundhouse, to its end. */
  async shell(line: string, cwd?: string): Promise<CliOutcome> {
    return this.startShell(line, cwd).exited;
  }

  startShell(line: string, cwd?: string): CliRun {
    const path = [resolve('bin'), this.env.PATH].join(delimiter);
    const run = new CliRun(
      spawn('bash', ['-c', line], { env: { ...this.env, PATH: path }, ...(cwd && { cwd }) }),
    );
    run.child.stdin?.end();
    return run;
  }

  /** Runs it on a terminal of so many columns; both of its streams end up in `stdout`. */
  onTerminal(args: readonly string[], columns = 80): CliRun {
    const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols ${columns} rows 24; exec ${words.join(' ')}`;
    const env = { ...this.env, TERM: 'xterm-256color' };
    return new CliRun(spawn('script', ['-qefc', command, '/dev/null'], { env }));
  }

  private get env(): Record<string, string> {
    return {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: process.env.HOME ?? '/',
      ROUNDHOUSE_URL: this.url,
      ...this.environment,
    };
  }
}

/** Why no command can be run on a terminal here; undefined = one can. */
function whyNoTerminal(): string | undefined {
  const { status } = spawnSync('script', ['-qefc', 'true', '/dev/null'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'there is no "script" of util-linux, which makes terminals';
}

/** `describe` where a command can be run on a terminal; elsewhere the tests are skipped, and the reason is printed. */
export function describeOnTerminal(name: string, tests: () => void): void {
  const reason = whyNoTerminal();
  if (reason) process.stderr.write(`Skipped: ${name} (${reason})\n`);
  (reason ? describe.skip : describe)(name, tests);
}

/** The one JSON document that a command has printed. */
export function documentOf({ stdout }: CliOutcome): any {
  return JSON.parse(stdout);
}

/** What each line of JSON Lines holds. */
export function linesOf({ stdout }: CliOutcome): any[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
