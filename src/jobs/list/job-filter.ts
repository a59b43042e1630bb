import { firstIdAt } from '../../common/index.js';
import { parseMoment } from '../../common/http/index.js';
import { parseJobStatus } from '../../queue/index.js';
import type { ListJobsRequest } from '../list-jobs.dto.js';
import { parseSearch } from './search.js';
import { searchCondition } from './search-condition.js';
import type { Parameters } from './parameters.js';

/** Ids carry the time at which they were made, which lies a little before the time of acceptance. */
const ID_SLACK_MS = 60_000;

type Part = (parameters: Parameters) => string;

/** Jobs that have one value of an indexed expression. */
interface AlongExpression {
  readonly expression: string;
  readonly value: Part;
}

/** Jobs of some kinds. */
export interface AlongKinds {
  /** Conditions of kinds k. */
  readonly kinds: readonly Part[];
  /** Which of them may belong to it: those that run right now, the others, or both. */
  readonly running: 'only' | 'never' | 'too';
}

/** What a list is walked along, and what each job on the way must satisfy. */
export interface JobFilter {
  /** Undefined = along the ids of all jobs. */
  readonly along: AlongExpression | AlongKinds | undefined;
  /** The first id that may belong to the list, and the first of those beyond. */
  readonly from: string | undefined;
  readonly before: string | undefined;
  /** Conditions that bound the way. */
  readonly bounds: readonly Part[];
  /** Conditions to be tried on each job; with none, every job on the way belongs to the list. */
  readonly conditions: readonly Part[];
}

/** The one index to walk along and the conditions for the rest. */
export function toJobFilter(request: ListJobsRequest, idsOfKey?: readonly string[]): JobFilter {
  return {
    ...wayOf(request, idsOfKey),
    ...idRange(request),
    conditions: [
      ...(idsOfKey && request.lock !== undefined ? [hasLock(request.lock)] : []),
      ...(idsOfKey || request.lock !== undefined ? kindConditions('job', request) : []),
      ...momentConditions(request),
      ...tagConditions(request),
      ...searchConditions(request),
    ],
  };
}

/** The jobs of a key and those of a lock are fewer than those of a kind. */
function wayOf(
  request: ListJobsRequest,
  idsOfKey: readonly string[] | undefined,
): Pick<JobFilter, 'along' | 'bounds'> {
  if (idsOfKey) {
    const isOfKey: Part = (parameters) => `job.id = ANY(${parameters.add(idsOfKey)}::uuid[])`;
    return { along: undefined, bounds: [isOfKey] };
  }
  const { lock } = request;
  if (lock !== undefined) return { along: lockNumber(lock), bounds: [hasLock(lock)] };
  const kinds = kindConditions('k', request);
  if (kinds.length === 0) return { along: undefined, bounds: [] };
  return { along: { kinds, running: runningIn(request) }, bounds: [] };
}

function runningIn({ status }: ListJobsRequest): AlongKinds['running'] {
  if (status === undefined) return 'too';
  return parseJobStatus(status) === 'PROCESSING' ? 'only' : 'never';
}

function kindConditions(alias: 'job' | 'k', { status, type, queue }: ListJobsRequest): Part[] {
  const parsed = status === undefined ? undefined : parseJobStatus(status);
  return Object.entries({ queue, type, status: parsed }).flatMap(([column, value]) =>
    value === undefined ? [] : [(parameters: Parameters) => `${alias}.${column} = ${parameters.add(value)}`],
  );
}

/** A lock is indexed by a number made of it; two locks may have the same. */
function lockNumber(lock: string): AlongExpression {
  return {
    expression: 'hashtextextended(job.lock, 0)',
    value: (parameters) => `hashtextextended(${parameters.add(lock)}, 0)`,
  };
}

function hasLock(lock: string): Part {
  return (parameters) => `job.lock = ${parameters.add(lock)}`;
}

function idRange({ created_after, created_before }: ListJobsRequest): Pick<JobFilter, 'from' | 'before'> {
  const after = created_after === undefined ? undefined : parseMoment(created_after);
  const before = created_before === undefined ? undefined : parseMoment(created_before);
  return {
    from: after && firstIdAt(new Date(after.getTime() - ID_SLACK_MS)),
    before: before && firstIdAt(new Date(before.getTime() + ID_SLACK_MS)),
  };
}

function momentConditions({ created_after, created_before }: ListJobsRequest): Part[] {
  const after = created_after === undefined ? undefined : parseMoment(created_after);
  const before = created_before === undefined ? undefined : parseMoment(created_before);
  return [
    ...(after ? [(p: Parameters) => `job.created_at >= ${p.add(after)}`] : []),
    ...(before ? [(p: Parameters) => `job.created_at < ${p.add(before)}`] : []),
  ];
}

function tagConditions({ tag }: ListJobsRequest): Part[] {
  return tag === undefined ? [] : [(parameters) => `${parameters.add(tag)} = ANY(job.tags)`];
}

/** What was validated at the edge can be read. */
function searchConditions({ q }: ListJobsRequest): Part[] {
  const parsed = q === undefined ? { terms: [] } : parseSearch(q);
  const terms = 'terms' in parsed ? parsed.terms : [];
  return terms.map((term) => (parameters) => searchCondition(term, parameters));
}
