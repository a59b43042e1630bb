import { withoutSecrets } from '../common/log-secrets.js';
import { keepCompiledCode } from '../compile-cache.js';
import { ConfigError } from '../config/index.js';
import { run } from './run.js';

/** EX_CONFIG of sysexits.h: the settings are wrong. */
const EX_CONFIG = 78;

keepCompiledCode();

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}

/** Writes what went wrong and answers with the exit code; an error that has one speaks to a person. */
function report(error: unknown): number {
  const code = exitCodeOf(error);
  if (!(error instanceof Error)) console.error(withoutSecrets(String(error)));
  else console.error(code === undefined ? withoutSecrets(error.stack ?? error.message) : error.message);
  return code ?? 1;
}

function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof ConfigError) return EX_CONFIG;
  return error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : undefined;
}
