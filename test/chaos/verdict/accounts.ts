import type { Asked } from '../load/client.js';
import type { Facts, JobFact } from './facts.js';
import { type Finding, fault, figure } from './finding.js';

/** Jobs that the product enqueues by itself, as users have them. */
const PERIODIC = new Set(['scheduled_fetch_random_joke', 'health_check_task', 'retry_stalled_jobs']);

/** A job whose worker died so often under it may be taken out of the line: it might have been the cause. */
const SUSPICIOUS_INTERRUPTIONS = 3;

const ENDED = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

type Accounts = Pick<Facts, 'jobs' | 'asked'>;

/** Compares what clients were promised with what is there. */
export function checkAccounts(facts: Accounts): Finding[] {
  const { asked, jobs } = facts;
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const promised = asked.flatMap(({ ids, marker }) => ids.map((id) => ({ id, marker })));
  return [
    fault(
      'lost',
      promised.filter(({ id }) => !byId.has(id)).map(({ id, marker }) => `${marker} was promised as ${id}`),
    ),
    figure('unfinished', jobs.filter(isUnfinished).map(tell)),
    fault('unexpected', unexpected(facts)),
    fault(
      'two answers to one request',
      asked.filter(({ ids }) => ids.length > 1).map(({ marker, ids }) => `${marker} is ${ids.join(' and ')}`),
    ),
    fault(
      'refused',
      asked.filter(({ fate }) => fate === 'refused').map(({ marker, why }) => `${marker}: ${why}`),
    ),
    ...checkEnds(facts, byId),
  ];
}

/** Requests whose fate nobody knows, and how many of them came to something. */
export function unknownFates({ asked, jobs }: Accounts): { requests: number; stored: number } {
  const markers = new Set(jobs.map(({ marker }) => marker));
  const unknown = asked.filter(({ fate }) => fate === 'unknown');
  return { requests: unknown.length, stored: unknown.filter(({ marker }) => markers.has(marker)).length };
}

function isUnfinished({ type, status }: JobFact): boolean {
  return !PERIODIC.has(type) && !ENDED.has(status);
}

function unexpected({ asked, jobs }: Accounts): string[] {
  const fates = new Map(asked.map((one) => [one.marker, one]));
  const promised = new Set(asked.flatMap(({ ids }) => ids));
  const seen = new Set<string>();
  return jobs.flatMap((job) => {
    if (PERIODIC.has(job.type) || isChild(job) || isFinisher(job)) return [];
    const request = job.marker === null ? undefined : fates.get(job.marker);
    const isSecond = job.marker !== null && seen.has(job.marker);
    if (job.marker !== null) seen.add(job.marker);
    if (!request || isSecond)
      return [`${tell(job)}, ${isSecond ? 'the second of its request' : 'nobody asked for it'}`];
    return request.fate === 'unknown' || promised.has(job.id) ? [] : [`${tell(job)}, nobody was told of it`];
  });
}

/** How jobs ended, against what their handlers do when nothing goes wrong. */
function checkEnds({ asked, jobs }: Accounts, byId: ReadonlyMap<string, JobFact>): Finding[] {
  const wishes = new Map(asked.map((one) => [one.marker, one]));
  const byMarker = new Map(jobs.map((job) => [job.marker, job]));
  const isDoubtful = (wish: Asked): boolean =>
    (byMarker.get(wish.marker)?.interruptions ?? 0) >= SUSPICIOUS_INTERRUPTIONS ||
    wish.parents.flatMap((marker) => wishes.get(marker) ?? []).some(isDoubtful);
  const wrong = [...byId.values()].flatMap((job) => {
    const wish = job.marker === null ? undefined : wishes.get(job.marker);
    if (!wish || !ENDED.has(job.status)) return [];
    const expected = expectedEnd(wish, wishes);
    return expected === job.status ? [] : [{ wish, text: `${tell(job)}, not ${expected}` }];
  });
  return [
    fault(
      'ended otherwise than their handlers would',
      wrong.filter(({ wish }) => !isDoubtful(wish)).map(textOf),
    ),
    figure('given up after many interruptions', wrong.filter(({ wish }) => isDoubtful(wish)).map(textOf)),
  ];
}

function expectedEnd(wish: Asked, wishes: ReadonlyMap<string, Asked>): string {
  const decisive = wish.parents.filter((marker) => !wish.tolerated?.includes(marker));
  const parents = decisive.flatMap((marker) => wishes.get(marker) ?? []);
  if (parents.some((parent) => expectedEnd(parent, wishes) !== 'COMPLETED')) return 'CANCELLED';
  return wish.kind === 'hopeless' ? 'FAILED' : 'COMPLETED';
}

function textOf({ text }: { text: string }): string {
  return text;
}

/** Enqueued by another job, in its transaction. */
export function isChild({ marker }: JobFact): boolean {
  return marker?.startsWith('child of ') ?? false;
}

/** Enqueued by the end of a workflow. */
export function isFinisher({ marker }: JobFact): boolean {
  return marker?.startsWith('end of ') ?? false;
}

export function tell({ id, type, status, marker }: JobFact): string {
  return `${id} (${marker ?? type}) is ${status}`;
}
