import { Logger } from '@nestjs/common';
import { storeCompiledCode } from './compile-cache.js';
import { exitWhenOrphaned } from './launcher/orphan.js';
import { stopTelemetry } from './telemetry/start-telemetry.js';

/**
 * Closes the application when the process is told to stop. Exits with 0 after an orderly end; a second signal changes
 * nothing, since the first is heard.
 * @param limitSeconds how long closing may take
 * @returns what ends the process in the same order without a signal, with an exit code of the caller's
 */
export function runUntilStopped(
  app: { close(): Promise<void> },
  limitSeconds: number,
): (exitCode: number) => void {
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= app.close().finally(stopTelemetry));
  let stopping = false;
  const stop = (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), limitSeconds * 1000).unref();
    close().then(
      () => process.exit(exitCode),
      () => process.exit(1),
    );
  };
  const onSignal = () => stop(0);
  // Not `once`: without a listener, a second signal would end the process in the middle of a job.
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  exitWhenOrphaned(close, limitSeconds);
  return stop;
}

/**
 * Tells the launcher, if there is one, that this process is ready: all its code is loaded.
 * @param ready the API's address, or the role
 */
export function sayReady(ready: string): void {
  // Where there is a launcher, it is the one that speaks to people.
  if (process.send) process.send({ ready });
  else new Logger('Process').log(`Ready: ${ready}`);
  storeCompiledCode();
}
