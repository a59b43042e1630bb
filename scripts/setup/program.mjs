import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';
import { SetupError } from './errors.mjs';

const INTERRUPTED = 130;

/**
 * Runs a program in the clone and collects what it writes. While it runs, Ctrl+C ends it first, so that
 * nothing goes on writing after us.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export async function runProgram(program, args, env = process.env) {
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let wasInterrupted = false;
  const interrupt = () => {
    wasInterrupted = true;
    child.kill('SIGTERM');
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
    if (wasInterrupted) throw new SetupError('Interrupted.', { exitCode: INTERRUPTED });
    return { code, output };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
