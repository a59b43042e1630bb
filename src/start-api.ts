import { Logger } from '@nestjs/common';
import { createApi } from './api-application.js';
import { loadConfig } from './config/index.js';
import { QueueReadiness } from './queue/index.js';
import { runUntilStopped, sayReady } from './run-until-stopped.js';

/** How long (s) requests under way may take when the API stops. */
const LAST_REQUESTS_SECONDS = 10;

/** Runs the HTTP API until the process is told to stop. It listens also while the database is away. */
export async function startApi(): Promise<void> {
  const config = loadConfig();
  const app = await createApi(config);
  const { host, port } = config.http;
  await app.listen({ host, port }).catch(refuseBusyPort(port));
  runUntilStopped(app, LAST_REQUESTS_SECONDS);
  const readiness = app.get(QueueReadiness);
  if (!readiness.isReady)
    new Logger('Process').log(`Listening at ${await app.getUrl()}, without the database`);
  await readiness.ready;
  sayReady(await app.getUrl());
}

/** A port in use is a matter for a person, who needs one sentence. */
function refuseBusyPort(port: number) {
  return (error: NodeJS.ErrnoException): never => {
    if (error.code !== 'EADDRINUSE') throw error;
    const message = `Port ${port} is in use: stop what listens there, or choose another one with PORT=${port + 1}.`;
    throw Object.assign(new Error(message, { cause: error }), { exitCode: 78 });
  };
}
