import type { RecordedEvent } from '../app/record.js';
import { type Life, restsOf } from '../arena/process-slot.js';
import type { Span } from '../clock.js';
import type { Facts } from './facts.js';

/** One execution of a handler, from its start to its end or to the end of its process. */
export interface Run extends Span {
  readonly job: string;
  readonly attempt: number;
  /** Undefined = it ran in a process of its own. */
  readonly life: Life | undefined;
  /** Undefined = its process died first. */
  readonly how: RecordedEvent['how'];
}

/** Puts starts and ends together. */
export function runsOf({ records, lives, deaths }: Pick<Facts, 'records' | 'lives' | 'deaths'>): Run[] {
  const ends = new Map(records.filter(({ event }) => event === 'ended').map((end) => [keyOf(end), end]));
  return records
    .filter(({ event }) => event === 'started')
    .map((start) => {
      const end = ends.get(keyOf(start));
      const life = lives.find(
        ({ pid, startedAt, endedAt }) =>
          pid === start.pid && startedAt <= start.at && start.at <= (endedAt ?? Infinity),
      );
      const { job, attempt, pid, at: from } = start;
      const diedAt = life ? life.endedAt : deaths.find((death) => death.pid === pid && death.at >= from)?.at;
      return { job, attempt, from, to: end?.at ?? diedAt ?? Infinity, how: end?.how, life };
    });
}

function keyOf({ job, attempt, pid }: RecordedEvent): string {
  return `${job} ${attempt} ${pid}`;
}

/** When a run was executed: from its start to its end, without the time its process stood still. */
export function activeSpans({ from, to, life }: Run): Span[] {
  let spans: Span[] = [{ from, to }];
  for (const rest of life ? restsOf(life) : []) {
    spans = spans.flatMap((span) =>
      [
        { from: span.from, to: Math.min(span.to, rest.from) },
        { from: Math.max(span.from, rest.to), to: span.to },
      ].filter((part) => part.to > part.from),
    );
  }
  return spans;
}
