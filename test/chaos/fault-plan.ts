import { Chance } from './chance.js';
import type { Options } from './options.js';

export const FAULT_KINDS = [
  'kill-worker',
  'kill-api',
  'kill-postmaster',
  'freeze-worker',
  'cut-one',
  'cut-all',
  'cut-listeners',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Something bad that will happen. */
export interface Fault {
  /** Milliseconds after the start of the load. */
  readonly atMs: number;
  readonly kind: FaultKind;
  /** Which worker or API, counted from 0; of a cut which connections, as a number from 0 to 1. */
  readonly target: number;
  /** How long (ms) a frozen worker stands still, or a killed process stays away. */
  readonly forMs: number;
}

/** Seconds between two faults of a kind, on average. */
const EVERY_SECONDS: Readonly<Record<FaultKind, number>> = {
  'kill-worker': 4.5,
  'kill-api': 30,
  'kill-postmaster': 50,
  'freeze-worker': 40,
  'cut-one': 6,
  'cut-all': 40,
  'cut-listeners': 20,
};

/** The processes come to life first. */
const WARM_UP_MS = 2_000;

const LONGEST_FREEZE_MS = 45_000;

/** Every fault of a run, in the order of time. The same options give the same plan. */
export function planFaults(
  options: Pick<Options, 'seed' | 'minutes' | 'workers' | 'apis' | 'intensity'>,
): Fault[] {
  return FAULT_KINDS.flatMap((kind) => faultsOf(kind, options)).sort((a, b) => a.atMs - b.atMs);
}

/** A source of chance of its own for each kind, so that one more fault of one kind does not move all others. */
function faultsOf(
  kind: FaultKind,
  { seed, minutes, workers, apis, intensity }: Parameters<typeof planFaults>[0],
): Fault[] {
  const chance = new Chance(`${seed} ${kind}`);
  const endMs = minutes * 60_000;
  const everyMs = (EVERY_SECONDS[kind] * 1000) / intensity;
  const faults: Fault[] = [];
  // The first comes early, so that a run of a minute sees one of each kind.
  for (
    let at = WARM_UP_MS + everyMs * chance.between(0.1, 0.7);
    at < endMs;
    at += everyMs * chance.between(0.5, 1.5)
  ) {
    faults.push({
      atMs: Math.round(at),
      kind,
      target: targetOf(kind, chance, workers, apis),
      forMs: Math.round(durationOf(kind, chance, endMs)),
    });
  }
  return faults;
}

function targetOf(kind: FaultKind, chance: Chance, workers: number, apis: number): number {
  if (kind === 'kill-worker' || kind === 'freeze-worker') return chance.integer(0, workers - 1);
  return kind === 'kill-api' ? chance.integer(0, apis - 1) : chance.next();
}

function durationOf(kind: FaultKind, chance: Chance, endMs: number): number {
  if (kind === 'freeze-worker') return chance.between(2_000, Math.min(LONGEST_FREEZE_MS, endMs / 2));
  return kind.startsWith('kill') ? chance.between(50, 1_500) : 0;
}
