/**
 * Whether a route is for probes and scrapes, which come every few seconds at their own pace, and must be answered when all
 * else is too much.
 * @param route as it is declared, such as `/health/live`
 */
export function isForProbes(route: string): boolean {
  return /^\/(health(\/|$)|metrics$)/.test(route);
}
