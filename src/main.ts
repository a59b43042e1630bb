import { sayDenied } from './common/denied.js';
import { withoutSecrets } from './common/log-secrets.js';
import { keepCompiledCode } from './compile-cache.js';
import { type Config, ConfigError, ISOLATED_FLAG, loadConfig } from './config/index.js';
import { watchLauncher } from './launcher/orphan.js';
import { StartRefusedError } from './launcher/start-refused.error.js';
import { startTelemetry } from './telemetry/start-telemetry.js';

/** EX_CONFIG of sysexits.h: a service manager should not start us again before something is changed. */
const REFUSED = 78;

// A reader of our output that went away (`npm start | head`) is no reason to stop the service.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

keepCompiledCode();

try {
  await start(loadConfig());
} catch (error) {
  process.exit(report(error));
}

async function start(config: Config): Promise<void> {
  if (config.role !== 'all') await startTelemetry(config);
  if (config.role === 'isolated') return startForWorker(config);
  const isForked = process.send !== undefined;
  if (!isForked) for (const warning of config.warnings) process.stderr.write(`Warning: ${warning}.\n`);
  if (config.role === 'all') {
    const { launch } = await import('./launcher.js');
    process.exit(await launch(config, migrateDatabase));
  }
  refuseWithoutDatabase(config);
  watchLauncher();
  if (config.role === 'api') await (await import('./start-api.js')).startApi();
  else await (await import('./start-worker.js')).startWorker();
}

async function startForWorker(config: Config): Promise<void> {
  if (!process.connected) throw new StartRefusedError(`Only a worker starts ${ISOLATED_FLAG}: leave it out.`);
  await (await import('./start-isolated.js')).startIsolated(config);
}

/** The launcher calls it once the database is there; loaded late, since children do without it. */
async function migrateDatabase(config: Config, log: (line: string) => void): Promise<void> {
  await (await import('./migrate.js')).migrateWhenReachable(config, log);
}

function refuseWithoutDatabase(config: Config): void {
  if (config.database.source !== 'embedded') return;
  throw new StartRefusedError(
    `ROLE=${config.role} needs a database that other processes share: set DATABASE_URL, or run "npm start", which brings its own.`,
  );
}

/** Writes what went wrong and answers with the exit code; an error that has one speaks to a person. */
function report(error: unknown): number {
  const code = exitCodeOf(error);
  const denied = error instanceof Error ? sayDenied(error) : undefined;
  if (denied !== undefined) console.error(denied);
  else if (!(error instanceof Error)) console.error(withoutSecrets(String(error)));
  else if (code === undefined) console.error(withoutSecrets(error.stack ?? error.message));
  // A child that refused has said why itself, and the launcher adds nothing.
  else if (error.message) console.error(error.message);
  return code ?? (denied === undefined ? 1 : REFUSED);
}

function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof ConfigError) return REFUSED;
  if (!(error instanceof Error && 'exitCode' in error)) return undefined;
  return typeof error.exitCode === 'number' ? error.exitCode : undefined;
}
