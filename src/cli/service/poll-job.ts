import { setTimeout as pause } from 'node:timers/promises';
import type { EventAnswer, JobAnswer, LogAnswer, ProgressAnswer } from './answers.js';
import type { News } from './news.js';
import { patiently } from './patiently.js';
import { type Service, pathOf } from './service.js';

/** How often (ms) a job is asked for. */
const LOOK_MS = 1_000;

const ENDS: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

interface Cursor {
  readonly event: number | undefined;
  readonly log: number | undefined;
}

/** The same as a stream of a job's events, by asking every second. @throws CliError */
export async function* pollJob(service: Service, jobId: string, from: Cursor): AsyncGenerator<News, void> {
  let { event, log } = from;
  let known: ProgressAnswer | null = null;
  for (;;) {
    // Before its events: when it has ended here, none of them is missing there.
    const job = await patiently(() => service.get<JobAnswer>(pathOf`/jobs/${jobId}`));
    const events = await rest<EventAnswer>(service, pathOf`/jobs/${jobId}/events`, 'events', event);
    const logs = await rest<LogAnswer>(service, pathOf`/jobs/${jobId}/logs`, 'logs', log);
    event = events.at(-1)?.id ?? event;
    log = logs.at(-1)?.id ?? log;
    yield* inOrder(events, logs);
    const { progress, status } = job;
    if (progress && JSON.stringify(progress) !== JSON.stringify(known))
      yield { event: 'progress', data: { ...progress } };
    known = progress;
    if (ENDS.includes(status)) {
      yield { event: 'end', data: { job_id: jobId, status } };
      return;
    }
    await pause(LOOK_MS);
  }
}

async function rest<Item>(
  service: Service,
  path: string,
  member: 'events' | 'logs',
  from: number | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: number | null | undefined = from;
  do {
    const query = { after: after ?? undefined };
    const page: { next_after: number | null } & Record<string, unknown> = await patiently(() =>
      service.get(path, { query }),
    );
    items.push(...(page[member] as Item[]));
    after = page.next_after;
  } while (after !== null);
  return items;
}

function inOrder(events: readonly EventAnswer[], logs: readonly LogAnswer[]): News[] {
  const all = [
    ...events.map((data) => ({ event: data.event, data: { ...data } })),
    ...logs.map((data) => ({ event: 'log', data: { ...data } })),
  ];
  return all.sort((one, other) => Date.parse(one.data.at) - Date.parse(other.data.at));
}
