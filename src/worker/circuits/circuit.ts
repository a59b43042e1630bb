import type { CircuitPolicy } from '../../queue/index.js';

/** However often a probe fails, the cool-down grows to so many times what the type says. */
const LONGEST_COOL_DOWN = 10;

const MOST_FAILURES = 1_000;
const SHORTEST_COOL_DOWN_S = 0.1;
const LONGEST_COOL_DOWN_S = 86_400;

/** The attempt that tries, alone, whether a type's jobs succeed again. */
export interface Probe {
  readonly jobId: string;
  readonly attempt: number;
}

/** Half-open: the cool-down has passed, and one worker has the right to start one job. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** What the workers know together of the circuit of a job type. Times are the database's. */
export interface Circuit {
  readonly state: CircuitState;
  /** Failures in a row. */
  readonly failures: number;
  /** How often it has opened since it was last closed. */
  readonly openings: number;
  readonly openedAt: Date | null;
  /** No job starts before; null = closed. */
  readonly until: Date | null;
  /** The probe that runs; null = none has started. */
  readonly probe: Probe | null;
}

/** All is well. */
export const CLOSED: Circuit = {
  state: 'closed',
  failures: 0,
  openings: 0,
  openedAt: null,
  until: null,
  probe: null,
};

/** What is wrong with a policy, as the end of a sentence about its job type; undefined = nothing. */
export function faultOfCircuit({ failures, coolDownSeconds, countOn }: CircuitPolicy): string | undefined {
  if (!Number.isInteger(failures) || failures < 1 || failures > MOST_FAILURES)
    return `has a circuit that opens after ${failures} failures; it must be a whole number from 1 to ${MOST_FAILURES}`;
  if (!(coolDownSeconds >= SHORTEST_COOL_DOWN_S && coolDownSeconds <= LONGEST_COOL_DOWN_S))
    return `has a circuit with a cool-down of ${coolDownSeconds} s; it must lie between ${SHORTEST_COOL_DOWN_S} and ${LONGEST_COOL_DOWN_S}`;
  if (countOn?.length === 0) return 'has a circuit with an empty countOn: leave it out to count every error';
  return undefined;
}

/** What an attempt says about what its type depends on; undefined = nothing, as when it was interrupted. */
export type Sign = 'success' | 'failure' | undefined;

/**
 * What becomes of a circuit by the end of an attempt of its type. Pure. While it is not closed only the probe counts:
 * all others had started before it opened. A probe that says nothing leaves its place to another one.
 */
export function after(
  sign: Sign,
  attempt: Probe,
  circuit: Circuit,
  policy: CircuitPolicy,
  now: Date,
): Circuit {
  if (circuit.state === 'closed') return closedAfter(sign, circuit, policy, now);
  const isProbe = circuit.probe?.jobId === attempt.jobId && circuit.probe.attempt === attempt.attempt;
  if (circuit.state === 'open' || !isProbe) return circuit;
  if (sign === 'success') return CLOSED;
  if (sign === 'failure') return opened({ ...circuit, failures: circuit.failures + 1 }, policy, now);
  return { ...circuit, state: 'open', probe: null };
}

function closedAfter(sign: Sign, circuit: Circuit, policy: CircuitPolicy, now: Date): Circuit {
  if (sign === undefined) return circuit;
  if (sign === 'success') return circuit.failures === 0 ? circuit : CLOSED;
  const failing = { ...circuit, failures: circuit.failures + 1 };
  return failing.failures < policy.failures ? failing : opened(failing, policy, now);
}

function opened(circuit: Circuit, policy: CircuitPolicy, now: Date): Circuit {
  const until = new Date(now.getTime() + coolDownMs(policy, circuit.openings));
  const openedAt = circuit.openedAt ?? now;
  return { ...circuit, state: 'open', openings: circuit.openings + 1, openedAt, until, probe: null };
}

/** `min(coolDown × 2^openings, 10 × coolDown)`, in ms, of a circuit that has opened so often before. */
export function coolDownMs({ coolDownSeconds }: CircuitPolicy, openings: number): number {
  return Math.round(coolDownSeconds * 1000 * Math.min(2 ** openings, LONGEST_COOL_DOWN));
}
