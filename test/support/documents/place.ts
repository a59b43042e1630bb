import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../src/database/embedded/port.js';
import { type TestDatabase, createTestDatabase } from '../database.js';
import { startApp } from '../start-app.js';
import type { Learned } from './answers.js';
import { SETTINGS } from './settings.js';
import { Shell } from './shell.js';

/** What commands of documents write to, and so get a copy of. */
const COPIED = ['docker'];

/** What a fresh clone does not have; `.shell` is the reader's own. */
const NOT_CLONED = ['.git', '.roundhouse', '.env', '.shell', 'coverage'];

/** Where somebody follows a document: a clone, in which a service runs that nobody else has. */
export interface Place {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly shell: Shell;
  /** The same text with the addresses and ids of this place. */
  here(text: string): string;
  /** What answers of this place have in the place of what the document shows. */
  readonly learned: Learned;
  leave(): Promise<void>;
}

/** Makes one for a document, as it takes it for granted. */
export async function placeFor(document: string): Promise<Place> {
  const { startsItself, queues = [], environment = {}, prepare } = SETTINGS[document] ?? {};
  const folder = clone();
  const home = join(folder, '.roundhouse');
  const metricsPort = String(await freePort());
  const jokesPort = String(await freePort());
  const settings = { WORKER_METRICS_PORT: metricsPort, ROUNDHOUSE_HOME: home, DATA_DIR: join(home, 'data') };
  const app = startsItself
    ? undefined
    : await startApp(`commands ${document}`, { environment: { ...settings, ...environment } });
  const database = app?.database ?? (await createTestDatabase(`commands ${document}`));
  for (const queue of queues) await database.pool.query('INSERT INTO queues (name) VALUES ($1)', [queue]);
  const url = app?.api.ready ?? `http://127.0.0.1:${await freePort()}`;
  const given = {
    HOME: process.env.HOME ?? folder,
    NO_PROXY: '*',
    EDITOR: 'true',
    ROUNDHOUSE_URL: url,
    npm_config_update_notifier: 'false',
    ...(app
      ? { ...settings, ...environment, DATABASE_URL: database.url }
      : { PORT: new URL(url).port, WORKER_METRICS_PORT: metricsPort }),
    ...(app && (await prepare?.(app, folder))),
  };
  const shell = new Shell(folder, given, { withNpx: startsItself === true });
  const learned: Learned = new Map();
  return {
    folder,
    database,
    shell,
    learned,
    here: (text) => {
      let own = text
        .replace(/\b(?:127\.0\.0\.1|localhost):8000\b/g, new URL(url).host)
        .replace(/\b(?:127\.0\.0\.1|localhost):8001\b/g, `127.0.0.1:${metricsPort}`)
        .replace(/(127\.0\.0\.1:|jokes-server\.mjs )4000\b/g, `$1${jokesPort}`)
        .replaceAll('/home/ada/roundhouse', folder);
      for (const [shown, actual] of learned) own = own.replaceAll(shown, actual);
      return own;
    },
    leave: async () => {
      await shell.stop();
      await (app?.stop() ?? database.drop());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a clone of the project has in it, without the time that it takes to copy all of it. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-reader-'));
  // For root, PostgreSQL runs as another user, who has to find the way to its data.
  chmodSync(folder, 0o755);
  for (const entry of readdirSync('.').filter((name) => !NOT_CLONED.includes(name)))
    if (COPIED.includes(entry)) cpSync(entry, join(folder, entry), { recursive: true });
    else symlinkSync(join(process.cwd(), entry), join(folder, entry));
  return folder;
}
