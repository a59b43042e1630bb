import { sayDenied } from '../common/denied.js';
import { withoutSecrets } from '../common/log-secrets.js';
import { keepCompiledCode } from '../compile-cache.js';
import { EXIT_CODES } from './exit-codes.js';
import { plainText } from './output/plain-text.js';

// A reader that has gone away (`roundhouse jobs list | head`) has had what it wanted; what is to be done may be half done.
process.stdout.on('error', leaveQuietly);
process.stderr.on('error', leaveQuietly);

keepCompiledCode();

try {
  const { run } = await import('./run.js');
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}

function leaveQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? EXIT_CODES.unread : EXIT_CODES.failed);
}

/** Writes what went wrong and answers with the exit code; an error that has one speaks to a person. */
function report(error: unknown): number {
  const code = exitCodeOf(error);
  const denied = error instanceof Error ? sayDenied(error) : undefined;
  if (denied !== undefined) console.error(plainText(denied));
  else if (!(error instanceof Error)) console.error(withoutSecrets(String(error)));
  else
    console.error(
      code === undefined ? withoutSecrets(error.stack ?? error.message) : plainText(error.message),
    );
  return code ?? (denied === undefined ? EXIT_CODES.failed : EXIT_CODES.settings);
}

function exitCodeOf(error: unknown): number | undefined {
  // The settings are wrong; told by its name, for its class would bring all of them along.
  if (error instanceof Error && error.name === 'ConfigError') return EXIT_CODES.settings;
  return error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : undefined;
}
