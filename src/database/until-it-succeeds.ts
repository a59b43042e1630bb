const TRY_EVERY_MS = 5_000;

/**
 * Does something as soon as the database can be asked, without keeping the process alive for it.
 * @returns what gives it up
 */
export function untilItSucceeds(work: () => Promise<void>): () => void {
  let isWanted = true;
  let timer: NodeJS.Timeout | undefined;
  const attempt = () => {
    work().catch(() => {
      if (isWanted) timer = setTimeout(attempt, TRY_EVERY_MS).unref();
    });
  };
  attempt();
  return () => {
    isWanted = false;
    clearTimeout(timer);
  };
}
