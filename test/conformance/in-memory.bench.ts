import { TestKit } from '../../src/testing/index.js';
import { ActHandler, ActOnceHandler, TwiceBackoff } from './act.handler.js';
import type { Bench, View } from './bench.js';

/** The test kit. */
export async function inMemoryBench(): Promise<Bench> {
  const kit = await TestKit.start({ providers: [ActHandler, ActOnceHandler, TwiceBackoff] });
  return {
    enqueue: async (job) => (await kit.enqueue(job)).id,
    runDue: async () => {
      await kit.runUntilEmpty();
    },
    advance: (seconds) => kit.advance(seconds),
    view: async (id) => viewOf(kit, id),
    cancel: (id) => kit.cancel(id),
    retry: (id) => kit.retry(id),
    runNow: (id) => kit.runNow(id),
    clear: async () => kit.reset(),
    stop: () => kit.stop(),
  };
}

function viewOf(kit: TestKit, id: string): View {
  const { status, type, priority, payload, result, error, attempts, maxAttempts, ...job } = kit.job(id);
  const latest = job.history.at(-1)?.at ?? job.createdAt;
  return {
    status,
    type,
    priority,
    payload,
    result,
    error: error?.message ?? null,
    attempts,
    maxAttempts,
    waitMs: job.scheduledAt.getTime() - latest.getTime(),
    history: job.history.map(({ event, attempt }) => `${event} ${attempt}`),
  };
}
