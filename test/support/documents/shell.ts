import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { eventually } from '../eventually.js';

/** How a block has ended, and what it has written. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on until somebody presses Ctrl+C, and what it says when it is ready. */
interface Staying {
  readonly line: RegExp;
  readonly ready: RegExp;
  /** There can only be one: who starts another one ends the one before. */
  readonly isAlone?: boolean;
}

const STAYING: readonly Staying[] = [
  { line: /^npm start(?: \| tee \S+)?$/, ready: /^Roundhouse is ready: /m, isAlone: true },
  { line: /^npm run start:api$|roundhouse serve\b/, ready: /Ready: http:/ },
  { line: /^npm run start:worker$|roundhouse worker\b(?!.*--once)/, ready: /Worker started/ },
  { line: /^node scripts\/jokes-server\.mjs/, ready: /^http:\/\//m },
];

/** A faulty answer is a fault, and nothing else is shown. */
const CURL = `#!/bin/bash
fails=--fail-with-body
for argument; do case $argument in --fail* | -f* | -[a-zA-Z]*f*) fails=--fail ;; esac; done
PATH=\${PATH#*:} exec curl -sS --noproxy '*' $fails "$@"
`;

const ROUNDHOUSE = `#!/bin/sh
exec '${process.execPath}' --enable-source-maps '${resolve('dist/src/cli/main.js')}' "$@"
`;

/** What npx finds, in a tenth of the time. */
const NPX = `#!/bin/sh
if [ "$1" = roundhouse ]; then exec "$@"; fi
PATH=\${PATH#*:} exec npx "$@"
`;

interface Running extends Staying {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
}

/** Whoever follows a document at a terminal: variables and folder stay from block to block. */
export class Shell {
  private readonly state: string;
  private readonly stays: Running[] = [];
  private readonly groups: number[] = [];
  private count = 0;

  constructor(
    folder: string,
    private readonly environment: Readonly<Record<string, string>>,
    options: { readonly withNpx: boolean },
  ) {
    this.state = join(folder, '.shell');
    mkdirSync(join(this.state, 'bin'), { recursive: true });
    const programs = { curl: CURL, roundhouse: ROUNDHOUSE, ...(options.withNpx ? {} : { npx: NPX }) };
    for (const [name, script] of Object.entries(programs))
      writeFileSync(join(this.state, 'bin', name), script, { mode: 0o755 });
    writeFileSync(join(this.state, 'session'), `cd '${folder}'\n`);
  }

  /** Runs the commands of a block, one after the other, until one fails; what stays is waited for until it is ready. */
  async run(commands: string, more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const whole = { stdout: '', stderr: '' };
    let code: number | null = 0;
    for (const part of parts(commands)) {
      const { stdout, stderr, ...ended } = part.stays
        ? await this.stay(part.text, part.stays, more)
        : await this.once(part.text, more);
      whole.stdout += stdout;
      whole.stderr += stderr;
      code = ended.code;
      if (code !== 0) break;
    }
    return { code, ...whole };
  }

  /** Ctrl+C for all that stays, and the end of all that was left in the background. */
  async stop(): Promise<void> {
    await Promise.all(this.stays.splice(0).map((one) => this.interrupt(one)));
    for (const group of this.groups) signal(group, 'SIGKILL');
  }

  private async once(text: string, more: Readonly<Record<string, string>>): Promise<Outcome> {
    const session = join(this.state, 'session');
    const keep = `{ declare -p | grep -v '^declare -[a-zA-Z]*r'; printf 'cd %q\\n' "$PWD"; } > '${session}' 2> /dev/null`;
    // What was set for one block alone is not known to the next one.
    const atItsEnd = Object.keys(more).length > 0 ? '' : `trap ${quoted(keep)} EXIT\n`;
    const { child, outcome } = this.start(`${atItsEnd}set -eo pipefail\n${text}`, more);
    await once(child, 'exit');
    return outcome();
  }

  private async stay(
    text: string,
    staying: Staying,
    more: Readonly<Record<string, string>>,
  ): Promise<Outcome> {
    if (staying.isAlone)
      for (const other of this.stays.filter(({ line }) => line === staying.line)) await this.interrupt(other);
    const { child, outcome } = this.start(text, more);
    this.stays.push({ ...staying, child, ended: once(child, 'exit') });
    await eventually(() => child.exitCode !== null || staying.ready.test(outcome().stdout));
    return { ...outcome(), code: child.exitCode ?? 0 };
  }

  private start(
    text: string,
    more: Readonly<Record<string, string>>,
  ): { child: ChildProcess; outcome: () => Outcome } {
    const name = join(this.state, String(this.count++));
    // Files, for what runs in the background would hold a pipe open.
    const [out, error] = [openSync(`${name}.out`, 'w'), openSync(`${name}.err`, 'w')];
    const given = Object.entries(more).map(([variable, value]) => `export ${variable}=${quoted(value)}\n`);
    const script = `. '${join(this.state, 'session')}' 2> /dev/null\n${given.join('')}${text}`;
    const env = { ...this.environment, PATH: this.path };
    const child = spawn('bash', ['-c', script], { env, stdio: ['ignore', out, error], detached: true });
    closeSync(out);
    closeSync(error);
    if (child.pid !== undefined) this.groups.push(child.pid);
    const outcome = () => ({
      code: child.exitCode,
      stdout: readFileSync(`${name}.out`, 'utf8'),
      stderr: readFileSync(`${name}.err`, 'utf8'),
    });
    return { child, outcome };
  }

  private async interrupt({ child, ended }: Running): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    signal(child.pid!, 'SIGINT');
    await ended;
  }

  private get path(): string {
    return [join(this.state, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  }
}

/** The commands of a block, those apart that stay. */
function parts(commands: string): { text: string; stays?: Staying }[] {
  const all: { text: string; stays?: Staying }[] = [];
  let text = '';
  for (const line of commands.split('\n')) {
    const bare = line.replace(/\s+#.*$/, '').trim();
    const command = bare.replace(/^(?:[A-Z_]+=\S+ )+/, '');
    const stays = STAYING.find((one) => one.line.test(command));
    if (!stays) {
      text += `${line}\n`;
      continue;
    }
    if (text.trim()) all.push({ text });
    all.push({ text: bare, stays });
    text = '';
  }
  return text.trim() ? [...all, { text }] : all;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
