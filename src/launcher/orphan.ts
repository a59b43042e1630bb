/** On the command line of a child whose database ends when its parent ends. */
export const EMBEDDED_DATABASE_FLAG = '--embedded-database';

/** Whether our database ends when the process that forked us ends. */
export function databaseEndsWithParent(): boolean {
  return process.argv.includes(EMBEDDED_DATABASE_FLAG);
}

let leave: () => void = () => process.exit(1);

/** In a child of the launcher: from now on it ends when the launcher has gone. Does nothing elsewhere. */
export function watchLauncher(): void {
  if (!process.connected) return;
  process.once('disconnect', () => leave());
  // Waiting for the launcher's end must not keep a child alive that has nothing else to do.
  process.channel?.unref();
}

/**
 * Lets a child whose launcher was killed stop in good order: to be called when the child is ready.
 * With the embedded database there is no order to keep, since the database is gone as well.
 * @param stop the graceful stop; the process exits when it has settled
 * @param limitSeconds how long the stop may take
 */
export function exitWhenOrphaned(stop: () => Promise<unknown>, limitSeconds: number): void {
  if (databaseEndsWithParent()) return;
  leave = () => {
    setTimeout(() => process.exit(1), limitSeconds * 1000).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
}
