import type { Life } from '../arena/process-slot.js';
import { common } from '../clock.js';
import type { Facts } from './facts.js';
import type { Run } from './runs.js';

/** Times (ms) from a fault to the next start of each job that was under way. */
export interface Recovery {
  readonly jobs: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly longest: number | null;
}

/** What happened beside it. */
type Circumstances = Pick<Facts, 'lives' | 'outages'>;

/** After kill -9 of a worker, where another one was at work and the database was there in between. */
export function recoveryOfKilled(runs: readonly Run[], facts: Circumstances): Recovery {
  const killed = runs.filter(({ how, life }) => how === undefined && life?.how === 'killed');
  return measure(runs, facts, killed, ({ life }) => life!.endedAt!);
}

/** After the moment from which a worker stood still. */
export function recoveryOfFrozen(runs: readonly Run[], facts: Circumstances): Recovery {
  const frozen = runs.filter((run) => freezeOf(run) !== undefined);
  return measure(runs, facts, frozen, (run) => freezeOf(run)!.from);
}

function freezeOf({ life, from, to }: Run): Life['frozen'][number] | undefined {
  return life?.frozen.find((freeze) => freeze.from > from && freeze.from < to);
}

function measure(
  runs: readonly Run[],
  { lives, outages }: Circumstances,
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
    const hadColleague = lives.some((life) => life !== run.life && isAtWork(life, wait.from));
    return hadDatabase && hadColleague && wait.to > wait.from ? [wait.to - wait.from] : [];
  });
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { jobs: sorted.length, p50: at(0.5), p99: at(0.99), longest: sorted.at(-1) ?? null };
}

function isAtWork({ slot, readyAt, endedAt, frozen }: Life, at: number): boolean {
  return (
    slot.startsWith('worker') &&
    (readyAt ?? Infinity) < at &&
    at < (endedAt ?? Infinity) &&
    !frozen.some(({ from, to }) => from <= at && at < to)
  );
}
