import type { Life } from '../arena/process-slot.js';
import { type Span, common } from '../clock.js';
import type { Run } from './runs.js';

/** Times (ms) from a fault to the next start of each job that was under way. */
export interface Recovery {
  readonly jobs: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly longest: number | null;
}

/** After kill -9 of a worker, as far as the database was there in between. */
export function recoveryOfKilled(runs: readonly Run[], outages: readonly Span[]): Recovery {
  const killed = runs.filter(({ how, life }) => how === undefined && life?.how === 'killed');
  return measure(runs, outages, killed, ({ life }) => life!.endedAt!);
}

/** After the moment from which a worker stood still. */
export function recoveryOfFrozen(runs: readonly Run[], outages: readonly Span[]): Recovery {
  const frozen = runs.filter((run) => freezeOf(run) !== undefined);
  return measure(runs, outages, frozen, (run) => freezeOf(run)!.from);
}

function freezeOf({ life, from, to }: Run): Life['frozen'][number] | undefined {
  return life?.frozen.find((freeze) => freeze.from > from && freeze.from < to);
}

function measure(
  runs: readonly Run[],
  outages: readonly Span[],
  struck: readonly Run[],
  since: (run: Run) => number,
): Recovery {
  const byJob = Map.groupBy(runs, ({ job }) => job);
  const times = struck.flatMap((run) => {
    const next = byJob.get(run.job)?.find(({ attempt }) => attempt === run.attempt + 1);
    if (!next) return [];
    const wait = { from: since(run), to: next.from };
    // The second is for connections to come back.
    const hadDatabase = outages.every(({ from, to }) => common({ from, to: to + 1_000 }, wait) === 0);
    return hadDatabase && wait.to > wait.from ? [wait.to - wait.from] : [];
  });
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { jobs: sorted.length, p50: at(0.5), p99: at(0.99), longest: sorted.at(-1) ?? null };
}
