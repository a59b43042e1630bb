// Runs everything, and rebuilds and restarts it whenever a source changes. The embedded PostgreSQL belongs
// to this process, so it stays up between restarts.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment, loadConfig } from '../dist/src/config/index.js';
import { startDatabase } from '../dist/src/launcher/database.js';
import { EMBEDDED_DATABASE_FLAG } from '../dist/src/launcher/orphan.js';
import { ROOT, inRoot } from './setup/paths.mjs';

const WATCHED_FOLDERS = ['src', 'migrations'];
const WATCHED_FILES = new Set(['ormconfig.ts', '.swcrc', '.env']);

/** Editors write a file in several steps, and "save all" writes several files. */
const SETTLE_MS = 150;

/** How long a restart waits for running jobs. */
const PATIENCE_MS = 3_000;

const stopping = new AbortController();
process.on('SIGINT', () => stopping.abort()).on('SIGTERM', () => stopping.abort());

const database = await startDatabase(loadConfig(), console.log);
try {
  await runAndWatch();
} finally {
  await database.stop();
}
process.exit(0);

async function runAndWatch() {
  const changes = watchSources();
  let service = startService();
  let state = currentState();
  while (!stopping.signal.aborted) {
    await changes.next();
    if (stopping.signal.aborted) break;
    const isBuilt = await rebuild();
    if (!isBuilt) console.log('What ran before keeps running.');
    if (!isBuilt || currentState() === state) continue;
    state = currentState();
    await stopService(service);
    service = startService();
  }
  await stopService(service);
}

function watchSources() {
  let change = Promise.withResolvers();
  const notice = () => change.resolve();
  for (const folder of WATCHED_FOLDERS.filter((name) => existsSync(inRoot(name)))) {
    watch(inRoot(folder), { recursive: true }, notice).on('error', notice);
  }
  // The folder and not the files, since editors replace a file by another of its name.
  watch(ROOT, (_, name) => name && WATCHED_FILES.has(name) && notice());
  stopping.signal.addEventListener('abort', notice);
  return {
    async next() {
      await change.promise;
      await delay(SETTLE_MS);
      change = Promise.withResolvers();
    },
  };
}

function startService() {
  const args = database.isEmbedded ? [EMBEDDED_DATABASE_FLAG] : [];
  const service = fork(inRoot('dist', 'src', 'main.js'), args, {
    cwd: ROOT,
    env: childEnvironment(database.environment),
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl+C in the terminal is for this script, which stops the service in order.
    detached: true,
  });
  service.once('exit', (code) => {
    if (code !== 0 && !stopping.signal.aborted) console.log('Waiting for a change …');
  });
  return service;
}

async function stopService(service) {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const exited = once(service, 'exit');
  service.kill('SIGTERM');
  const isSlow = await Promise.race([exited.then(() => false), delay(PATIENCE_MS, true, { ref: false })]);
  if (isSlow) service.kill('SIGTERM');
  await exited;
}

async function rebuild() {
  const setup = spawn(process.execPath, [inRoot('scripts', 'setup.mjs')], { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(setup, 'exit');
  return code === 0;
}

/** Changes whenever a restart would change something. */
function currentState() {
  return ['dist/.build-stamp', '.env']
    .map((name) => (existsSync(inRoot(name)) ? readFileSync(inRoot(name)) : ''))
    .join();
}
