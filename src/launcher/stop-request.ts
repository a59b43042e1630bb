import { databaseEndsWithParent } from './orphan.js';

/** npm passes a Ctrl+C on that the terminal has sent us already; only a later one is a second one. */
const SAME_REQUEST_MS = 1_000;

/** What a person or a service manager asks of this process by SIGINT and SIGTERM. */
export interface StopRequest {
  /** The first signal: stop in good order. */
  readonly asked: Promise<void>;
  /** Another one more than a second later: stop at once. */
  readonly insisted: Promise<void>;
}

/** Listens from now on; the signals no longer end the process by themselves. */
export function listenForStop(): StopRequest {
  const asked = Promise.withResolvers<undefined>();
  const insisted = Promise.withResolvers<undefined>();
  let firstAt: number | undefined;
  const onSignal = () => {
    firstAt ??= performance.now();
    asked.resolve(undefined);
    if (performance.now() - firstAt > SAME_REQUEST_MS) insisted.resolve(undefined);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // Forked ourselves (npm run dev): when our parent is killed, nobody else would stop us.
  process.once('disconnect', () => {
    asked.resolve(undefined);
    if (databaseEndsWithParent()) insisted.resolve(undefined);
  });
  process.channel?.unref();
  return { asked: asked.promise, insisted: insisted.promise };
}
