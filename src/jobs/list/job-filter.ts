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

/** What a list is walked along, and what each job on the way must satisfy. */
export interface JobFilter {
  /** The indexed expression that has one value for all jobs on the way, and that value; undefined = ids alone. */
  readonly along: { readonly expression: string; readonly value: Part } | undefined;
  /** Conditions that bound the way. */
  readonly bounds: readonly Part[];
  /** Conditions to be tried on each job; with none, every job on the way belongs to the list. */
  readonly conditions: readonly Part[];
}

/** The one index to walk along and the conditions for the rest. */
export function toJobFilter(request: ListJobsRequest, idsOfKey?: readonly string[]): JobFilter {
  const [first, ...rest] = idsOfKey ? [undefined, ...columnsAsked(request)] : columnsAsked(request);
  return {
    along: first && { expression: first.expression, value: first.value },
    bounds: [
      ...(first?.bounds ?? []),
      ...idBounds(request),
      ...(idsOfKey ? [(parameters: Parameters) => `job.id = ANY(${parameters.add(idsOfKey)}::uuid[])`] : []),
    ],
    conditions: [
      ...rest.flatMap((column) => (column ? [column.condition] : [])),
      ...momentConditions(request),
      ...tagConditions(request),
      ...searchConditions(request),
    ],
  };
}

interface Column {
  readonly expression: string;
  readonly value: Part;
  readonly bounds: readonly Part[];
  readonly condition: Part;
}

/** The columns asked for that have an index which goes on with the id, the most selective first. */
function columnsAsked({ status, type, queue, lock }: ListJobsRequest): Column[] {
  const parsed = status === undefined ? undefined : parseJobStatus(status);
  // Nearly every job has completed: whatever else is asked for names fewer.
  const [rare, common] = parsed === 'COMPLETED' ? [undefined, parsed] : [parsed, undefined];
  return [
    ...(lock === undefined ? [] : [lockColumn(lock)]),
    ...plainColumn('status', rare),
    ...plainColumn('type', type),
    ...plainColumn('queue', queue),
    ...plainColumn('status', common),
  ];
}

function plainColumn(column: 'status' | 'type' | 'queue', value: string | undefined): Column[] {
  if (value === undefined) return [];
  const add: Part = (parameters) => parameters.add(value);
  const expression = `job.${column}`;
  return [
    { expression, value: add, bounds: [], condition: (parameters) => `${expression} = ${add(parameters)}` },
  ];
}

/** A lock is indexed by a number made of it; two locks may have the same. */
function lockColumn(lock: string): Column {
  const condition: Part = (parameters) => `job.lock = ${parameters.add(lock)}`;
  return {
    expression: 'hashtextextended(job.lock, 0)',
    value: (parameters) => `hashtextextended(${parameters.add(lock)}, 0)`,
    bounds: [condition],
    condition,
  };
}

function idBounds({ created_after, created_before }: ListJobsRequest): Part[] {
  const after = created_after === undefined ? undefined : parseMoment(created_after);
  const before = created_before === undefined ? undefined : parseMoment(created_before);
  return [
    ...(after
      ? [(p: Parameters) => `job.id >= ${p.add(firstIdAt(new Date(after.getTime() - ID_SLACK_MS)))}`]
      : []),
    ...(before
      ? [(p: Parameters) => `job.id < ${p.add(firstIdAt(new Date(before.getTime() + ID_SLACK_MS)))}`]
      : []),
  ];
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
