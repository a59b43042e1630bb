import type { Config } from './config/index.js';
import { Child } from './launcher/child.js';
import { type StartedDatabase, startDatabase } from './launcher/database.js';
import { lockHome } from './launcher/home-lock.js';
import { EMBEDDED_DATABASE_FLAG, databaseEndsWithParent } from './launcher/orphan.js';
import { type StopRequest, listenForStop } from './launcher/stop-request.js';

/** Brings the schema of a database up to date. */
export type MigrateDatabase = (config: Config, log: (line: string) => void) => Promise<void>;

/** What a stopping child may need beyond the time its jobs are given: settling, closing connections. */
const EXTRA_GRACE_SECONDS = 15;

/** The exit code of a process that was interrupted, as shells count. */
const INTERRUPTED = 130;

/**
 * Runs the whole service on this machine: a database, an API and a worker, until it is told to stop.
 * @returns the exit code
 * @throws an error with an `exitCode` when it cannot start; its message says what to do
 */
export async function launch(config: Config, migrateDatabase: MigrateDatabase): Promise<number> {
  const stop = listenForStop();
  let exitCode = 0;
  void stop.insisted.then(() => (exitCode = INTERRUPTED));
  const running = new AsyncDisposableStack();
  try {
    const up = bringUp(config, migrateDatabase, running, stop);
    await Promise.race([stop.asked, up.then(() => stop.asked)]);
    say('Stopping; running jobs are finished first (Ctrl+C again stops at once) …');
  } finally {
    await running.disposeAsync();
  }
  return exitCode;
}

/** Starts one thing after the other and leaves on the stack how each is stopped, last one first. */
async function bringUp(
  config: Config,
  migrateDatabase: MigrateDatabase,
  running: AsyncDisposableStack,
  stop: StopRequest,
): Promise<void> {
  const isStopping = () => running.disposed;
  const unlock = await lockHome(config.home);
  running.defer(unlock);
  const starting = startDatabase(config, say);
  running.defer(() => Promise.race([stop.insisted, stopWhenStarted(starting)]));
  const database = await starting;
  if (isStopping()) return;
  say('Migrating …');
  await migrateDatabase(database.config, say);
  if (isStopping()) return;
  say('Starting the API and a worker …');
  const url = await startChildren(database, running, stop);
  say(`Roundhouse is ready: ${url}`);
}

async function stopWhenStarted(starting: Promise<StartedDatabase>): Promise<void> {
  const database = await starting.catch(() => undefined);
  await database?.stop();
}

/** Answers with the API's address as soon as both children are ready. */
async function startChildren(
  { config, isEmbedded, environment }: StartedDatabase,
  running: AsyncDisposableStack,
  stop: StopRequest,
): Promise<string> {
  const args = isEmbedded || databaseEndsWithParent() ? [EMBEDDED_DATABASE_FLAG] : [];
  let port: Record<string, string> = {};
  const api = new Child({
    role: 'api',
    name: 'The API',
    environment: () => ({ ...environment, ...port }),
    args,
    log: warn,
  });
  const worker = new Child({
    role: 'worker',
    name: 'The worker',
    environment: () => environment,
    args,
    log: warn,
  });
  const graceSeconds = config.worker.shutdownSeconds + EXTRA_GRACE_SECONDS;
  running.defer(async () => {
    await Promise.all([api, worker].map((child) => child.stop(graceSeconds, stop.insisted)));
  });
  const [url] = await Promise.all([api.ready, worker.ready]);
  // PORT=0 took a free one; after a crash the API comes back where its callers know it.
  port = { PORT: new URL(url).port || '80' };
  return url;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}
