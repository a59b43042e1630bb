import type { Facts, JobFact } from './facts.js';
import { type Finding, fault } from './finding.js';

/** How far (ms) the clocks of a client, an API and the database may lie apart on a machine that is busy. */
const CLOCKS_MS = 1_000;

type Ordered = Pick<Facts, 'jobs' | 'events' | 'asked'>;

/** Whether jobs began no sooner than their lock, their time, their parents and their unique key let them. */
export function checkOrder(facts: Ordered): Finding[] {
  const firstStarts = new Map<string, number>();
  for (const { job, event, at } of facts.events) {
    if (event === 'started' && !firstStarts.has(job)) firstStarts.set(job, at);
  }
  const wishes = new Map(facts.asked.map((one) => [one.marker, one]));
  return [
    fault('started out of the order of their lock', outOfOrder(facts, firstStarts, wishes)),
    fault('started before their time or their parents', tooEarly(facts, firstStarts, wishes)),
    fault('two at once of a unique key', twoOfAKey(facts.jobs)),
  ];
}

type Wishes = ReadonlyMap<string | null, Ordered['asked'][number]>;

/** Jobs come in the order of their creation; those that waited for others joined the line of their lock later. */
function outOfOrder({ jobs }: Ordered, firstStarts: ReadonlyMap<string, number>, wishes: Wishes): string[] {
  const lines = Map.groupBy(
    jobs.filter(({ lock, marker }) => lock !== null && wishes.get(marker)?.parents.length === 0),
    ({ lock }) => lock,
  );
  return [...lines.values()].flatMap((line) => {
    const started = line.flatMap((job) => firstStarts.get(job.id) ?? []);
    const wrong = started.filter((at, index) => index > 0 && at < started[index - 1]!);
    return wrong.map(
      (at) => `a job of ${line[0]?.lock} started at ${new Date(at).toISOString()}, after one created later`,
    );
  });
}

function tooEarly({ jobs }: Ordered, firstStarts: ReadonlyMap<string, number>, wishes: Wishes): string[] {
  const byMarker = new Map(jobs.map((job) => [job.marker, job]));
  return jobs.flatMap((job) => {
    const wish = wishes.get(job.marker);
    const start = firstStarts.get(job.id);
    if (!wish || start === undefined) return [];
    const ends = wish.parents.flatMap((marker) => {
      const parent = byMarker.get(marker);
      return parent ? [wish.tolerated?.includes(marker) ? endOf(parent) : completionOf(parent)] : [];
    });
    const mayStartAt = Math.max(wish.sentAt + wish.waits * 1000 - CLOCKS_MS, ...ends);
    return start < mayStartAt ? [`${job.id} (${job.marker}) started ${mayStartAt - start} ms too early`] : [];
  });
}

function completionOf(job: JobFact): number {
  return job.status === 'COMPLETED' ? endOf(job) : Infinity;
}

function endOf({ finishedAt }: JobFact): number {
  return finishedAt ?? Infinity;
}

/** A unique key is held until its job has ended. */
function twoOfAKey(jobs: readonly JobFact[]): string[] {
  const keys = Map.groupBy(
    jobs.filter(({ uniqueKey }) => uniqueKey !== null),
    ({ uniqueKey }) => uniqueKey,
  );
  return [...keys.values()].flatMap((line) =>
    line
      .filter((job, index) => index > 0 && job.createdAt < (line[index - 1]!.finishedAt ?? Infinity))
      .map(({ id, uniqueKey }) => `${id} was created while another job held ${uniqueKey}`),
  );
}
