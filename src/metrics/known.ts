/** Who scrapes has little patience, and a database that hangs would take all of it (ms). */
const PATIENCE_MS = 800;

/** What a look finds; undefined when it fails, or takes longer than a scrape may. */
export async function known<T>(look: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, PATIENCE_MS, undefined);
  try {
    return await Promise.race([look, late.promise]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
