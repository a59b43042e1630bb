/** From when to when (epoch ms) a job ran. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** The most starts (in their order) in any span of this length, its end included. */
export function mostStartsIn(starts: readonly number[], spanMs: number): number {
  let first = 0;
  let most = 0;
  for (const [index, start] of starts.entries()) {
    while (start - (starts[first] ?? 0) > spanMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** How many ran at once at most; who ends at the moment another begins made room for it. */
export function mostAtOnce(runs: readonly Run[]): number {
  const changes = runs.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  let present = 0;
  let most = 0;
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    present += by;
    most = Math.max(most, present);
  }
  return most;
}

/** Of sorted numbers, to hundredths. */
export function percentile(sorted: readonly number[], part: number): number {
  return Math.round(100 * (sorted[Math.floor(part * (sorted.length - 1))] ?? 0)) / 100;
}
