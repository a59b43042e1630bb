import { type Context, Script, createContext } from 'node:vm';

/** How long (ms) the event loop may stand still for one calculation; an ordinary one takes less than one. */
const LONGEST_MS = 250;

/** Where the machine had no time for this thread, the calculation is not to blame: so often it begins anew at most. */
const MOST_TRIES = 10;

/** A calculation was given up: what it was asked may have no answer, or only one that takes very long to find. */
export class CalculationLimitError extends Error {
  constructor(
    /** Whether it was time that ran out: on another day, or another machine, it may get further. */
    readonly isOutOfTime: boolean,
    cause: unknown,
  ) {
    super('The times cannot be worked out within the limits', { cause });
    this.name = 'CalculationLimitError';
  }
}

interface Work {
  work: (() => unknown) | undefined;
}

const context = createContext(Object.create(null) as Context) as Context & Work;
const call = new Script('work()');

/**
 * Runs a calculation that others have written the input of. V8 itself ends one that takes too long, whatever loop it
 * is in; in no other way can that be said of a library.
 * @throws CalculationLimitError when it takes more than 250 ms
 */
export function withinLimits<T>(work: () => T): T {
  context.work = work;
  try {
    return inTime(MOST_TRIES) as T;
  } finally {
    context.work = undefined;
  }
}

function inTime(tries: number): unknown {
  const before = process.threadCpuUsage();
  try {
    return call.runInContext(context, { timeout: LONGEST_MS });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const { user, system } = process.threadCpuUsage(before);
    const hadTime = (user + system) / 1_000 > LONGEST_MS / 2;
    if (hadTime || tries === 1) throw new CalculationLimitError(true, error);
    return inTime(tries - 1);
  }
}

/** The error is one of the context, whose classes are others than ours. */
function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
