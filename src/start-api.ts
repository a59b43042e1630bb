import { Logger } from '@nestjs/common';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createApi } from './api-application.js';
import { type Config, loadConfig } from './config/index.js';
import { refuseWithoutKeys } from './auth/index.js';
import { Postgres } from './database/index.js';
import { Readiness } from './health/index.js';
import { QueueReadiness } from './queue/index.js';
import { runUntilStopped, sayReady } from './run-until-stopped.js';

/** How long (s) requests under way may take when the API stops. */
const LAST_REQUESTS_SECONDS = 10;

/** How long (s) whoever sends requests here may need to see that the API is not ready any more. */
const SHUTDOWN_DELAY_SECONDS = 3;

const LAST_PORT = 65_535;
const NEARBY_PORTS = 100;

/** Runs the HTTP API until the process is told to stop. It listens also while the database is away. */
export async function startApi(): Promise<void> {
  const config = loadConfig();
  const app = await createApi(config);
  const { host, port } = config.http;
  await app.listen({ host, port }).catch(refuseBusyPort(host, port));
  const delay = shutdownDelay(config);
  const close = async () => {
    app.get(Readiness).stop();
    await pause(delay * 1000);
    await app.close();
  };
  runUntilStopped({ close }, delay + LAST_REQUESTS_SECONDS);
  const database = app.get(QueueReadiness);
  if (!database.isReady)
    new Logger('Process').log(`Listening at ${await app.getUrl()}, without the database`);
  await database.ready;
  await refuseWithoutKeys(config, app.get(Postgres));
  sayReady(await app.getUrl());
}

/** A launcher is on the same machine as its only callers, and has no second API that could take over. */
function shutdownDelay({ http }: Config): number {
  return http.shutdownDelaySeconds ?? (process.send ? 0 : SHUTDOWN_DELAY_SECONDS);
}

/** A port in use is a matter for a person, who needs one sentence. */
function refuseBusyPort(host: string, port: number) {
  return async (error: NodeJS.ErrnoException): Promise<never> => {
    if (error.code !== 'EADDRINUSE') throw error;
    const free = await freePortAfter(host, port);
    const message = `Port ${port} is in use: stop what listens there, or choose another one with PORT=${free}.`;
    throw Object.assign(new Error(message, { cause: error }), { exitCode: 78 });
  };
}

/** The next one that is easy to remember, if it is free; metrics are often right behind the API. */
async function freePortAfter(host: string, port: number): Promise<number> {
  for (let next = port + 1; next <= Math.min(port + NEARBY_PORTS, LAST_PORT); next += 1) {
    if (await canListen(host, next)) return next;
  }
  return 0;
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer().once('error', () => done(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(true)));
  });
}
