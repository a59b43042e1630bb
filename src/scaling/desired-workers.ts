import { UNIT_MS, parseRate } from '../common/index.js';
import type { Limits } from '../queue/index.js';

/** What a queue asks of its workers. */
export interface QueueDemand {
  readonly queue: string;
  readonly isPaused: boolean;
  readonly limits: Limits | null;
  /** Jobs that run. */
  readonly running: number;
  /** Jobs that could start now. */
  readonly backlog: number;
  /** Jobs accepted per second. */
  readonly arrivals: number;
  /** Executions that a job takes, on average. */
  readonly executions: number;
  /** How long an execution holds its slot, in seconds, on average; null = none has ended of late. */
  readonly runSeconds: number | null;
  /** Seconds in which the backlog is to be started. */
  readonly drainWithin: number;
}

/** How many slots a queue needs, and what keeps it from needing more. */
export interface QueueNeed {
  readonly demand: QueueDemand;
  readonly slots: number;
  readonly heldBy: 'pause' | 'limit' | null;
}

export interface Sizing {
  readonly slotsPerWorker: number;
  /** The fraction of slots that is to be busy, above 0 and up to 1. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  /** Workers that run now. */
  readonly current: number;
}

/** Fewer workers are asked for when they would do with so much more to do: what is on the edge must not go to and fro. */
const RESERVE = 1.1;

/**
 * The slots that a queue keeps busy, by Little's law (L = λ·W; J. D. C. Little, "A Proof for the Queuing Formula L = λW",
 * Operations Research 9, 1961): arrivals times the time that each holds a slot. Over the target utilisation, because at full
 * use waits grow without bound; and the slots that start the backlog in time. Slots in use are never taken away, and a limit
 * needs no more than it lets run.
 */
export function needOf(demand: QueueDemand, { target, slotsPerWorker }: Sizing): QueueNeed {
  const { isPaused, running } = demand;
  if (isPaused) return { demand, slots: running, heldBy: 'pause' };
  const wanted = Math.max(running, wantedSlots(demand, target, slotsPerWorker));
  const most = mostSlots(demand, target);
  return wanted > most
    ? { demand, slots: Math.max(running, most), heldBy: 'limit' }
    : { demand, slots: wanted, heldBy: null };
}

/** Until the first executions have ended nobody knows how long they take: then one more worker at a time is asked for. */
function wantedSlots(demand: QueueDemand, target: number, slotsPerWorker: number): number {
  const { running, backlog, arrivals, executions, runSeconds, drainWithin } = demand;
  if (runSeconds === null) return running + Math.min(backlog, slotsPerWorker);
  const steady = (arrivals * executions * runSeconds) / target;
  return steady + backlog * Math.min(1, runSeconds / drainWithin);
}

function mostSlots({ limits, runSeconds }: QueueDemand, target: number): number {
  const rate = limits?.rate ? parseRate(limits.rate) : undefined;
  const byRate =
    rate && runSeconds !== null
      ? Math.max(1, (((rate.count * 1_000) / UNIT_MS[rate.unit]) * runSeconds) / target)
      : Infinity;
  return Math.min(limits?.concurrency ?? Infinity, byRate);
}

/** How many workers have these slots together; a little more to do, or less, changes nothing. */
export function workersFor(slots: number, { slotsPerWorker, min, max, current }: Sizing): number {
  const enough = Math.ceil(rounded(slots / slotsPerWorker));
  const withReserve = Math.ceil(rounded((RESERVE * slots) / slotsPerWorker));
  const steady = enough < current ? Math.min(current, withReserve) : enough;
  return Math.min(max, Math.max(min, steady));
}

/** Ten slots of ten are one worker, whatever floating-point arithmetic makes of it. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
