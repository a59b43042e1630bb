import { setTimeout as pause } from 'node:timers/promises';
/** Jobs that were handled, and the time (ms, by the monotonic clock) it took. */
export interface Work {
  readonly jobs: number;
  readonly ms: number;
  /** Jobs that are there now, with those of the warm-up. */
  readonly stored?: number;
}

/** What can be asked of a job system under measurement; each can do a part of it. */
export interface Subject {
  /** Brings its schema into an empty database. */
  prepare(): Promise<void>;
  /** For `ms`, so many callers submit one no-op job after the other. No worker runs. */
  submitSingly?(callers: number, ms: number): Promise<Work>;
  /** Two callers submit no-op jobs, a thousand at a time. No worker runs. */
  submitInBulk?(jobs: number): Promise<Work>;
  /** Starts one worker, which runs so many jobs and stores their ends; answers when it has. */
  drain?(jobs: number): Promise<Work>;
  /** With an idle worker: submits one job at a time, answers the times (ms) from each call to the handler's start. */
  latencies?(count: number): Promise<number[]>;
  /** Starts a worker that runs jobs until this process ends. */
  work?(): Promise<void>;
  /** Serves `POST /jobs` and answers with the address. */
  serve?(): Promise<string>;
  stop(): Promise<void>;
}

export type Command = keyof Subject;

/** What a subject's process answers. */
export interface Answer {
  readonly result: unknown;
  /** Processor time (ms) that the process used for it. */
  readonly cpuMs: number;
  readonly error?: string;
}

/** Jobs of one bulk submission. */
export const BATCH = 1_000;

/** What every job carries: 100 bytes of JSON. */
export const PAYLOAD = { hello: 'world', filler: 'x'.repeat(71) };

/** Answers the commands of the process that started this one. */
export function serveCommands(subject: Subject): void {
  process.on('message', ({ command, args }: { command: Command; args: never[] }) => {
    const before = process.cpuUsage();
    const call = subject[command] as (...args: never[]) => Promise<unknown>;
    const answer = (fields: { result?: unknown; error?: string }) => {
      const { user, system } = process.cpuUsage(before);
      process.send?.({ ...fields, cpuMs: (user + system) / 1000 });
    };
    call.apply(subject, args).then(
      (result) => answer({ result }),
      (error: unknown) => answer({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
}

/** Time (ms) of calls that do not count. */
const WARM_UP_MS = 1_000;

/** So many callers make one call after the other for `ms`, after the warm-up. */
export async function keepCalling(callers: number, ms: number, call: () => Promise<unknown>): Promise<Work> {
  let done = 0;
  let before = 0;
  let startedAt = performance.now();
  const endsAt = startedAt + WARM_UP_MS + ms;
  const warmedUp = setTimeout(() => {
    before = done;
    startedAt = performance.now();
  }, WARM_UP_MS);
  const caller = async () => {
    while (performance.now() < endsAt) {
      await call();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  clearTimeout(warmedUp);
  return { jobs: done - before, ms: performance.now() - startedAt, stored: done };
}

/** Two callers submit jobs, a batch at a time. */
export async function submitBatches(jobs: number, submit: (size: number) => Promise<unknown>): Promise<Work> {
  const startedAt = performance.now();
  let left = jobs;
  const caller = async () => {
    while (left > 0) {
      const size = Math.min(BATCH, left);
      left -= size;
      await submit(size);
    }
  };
  await Promise.all([caller(), caller()]);
  return { jobs, ms: performance.now() - startedAt };
}

/** How long (ms) nothing happens between two jobs: what the last one left to do is done by then. */
const IDLE_MS = 20;

/** @param submit resolves when it is submitted, and calls `onStart` when its handler starts */
export async function startOneByOne(
  count: number,
  submit: (onStart: () => void) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const calledAt = performance.now();
    await submit(() => {
      times.push(performance.now() - calledAt);
      resolve();
    });
    await promise;
    await pause(IDLE_MS);
  }
  return times;
}
