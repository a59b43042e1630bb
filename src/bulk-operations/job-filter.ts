import { invalid } from '../common/index.js';
import { parseMoment } from '../common/http/index.js';
import { type JobStatus, parseJobStatus } from '../queue/index.js';
import { type BulkAction, REACH } from './bulk-action.js';
import type { JobFilterRequest } from './job-filter.dto.js';

/** Which jobs an operation is for, with everything decided. Kept as it is, and shown as it is. */
export interface JobFilter {
  readonly status: readonly JobStatus[];
  readonly type?: string;
  readonly queue?: string;
  readonly tag?: string;
  readonly lock?: string;
  readonly fingerprint?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  readonly failed_after?: string;
  readonly failed_before?: string;
  readonly job_ids?: readonly string[];
}

const OF_FAILURES = ['fingerprint', 'failed_after', 'failed_before'] as const;
const TIMES = ['created_after', 'created_before', 'failed_after', 'failed_before'] as const;

/** Whether a filter leaves nothing out. */
export function isEmpty(request: JobFilterRequest): boolean {
  return Object.values(request).every((value) => value === undefined);
}

/**
 * Decides which statuses are meant: those named, else those the action is usually for.
 * @throws DomainError validation_failed when the action can't change jobs of a status that was named
 */
export function resolveFilter(action: BulkAction, request: JobFilterRequest): JobFilter {
  const times = TIMES.map(
    (name) => [name, request[name] && parseMoment(request[name])?.toISOString()] as const,
  );
  const ids = request.job_ids?.map((id) => id.toLowerCase());
  const decided = { ...Object.fromEntries(times), job_ids: ids, status: statusesOf(action, request) };
  const fields = Object.assign({}, request, decided);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as JobFilter;
}

function statusesOf(action: BulkAction, request: JobFilterRequest): readonly JobStatus[] {
  const { possible, usual } = REACH[action];
  const named = statusesNamed(request);
  const wrong = named.find((status) => !possible.includes(status));
  if (wrong) throw refusal('/filter/status', action, `not ${wrong} ones`);
  const meant = named.length > 0 ? named : request.job_ids ? possible : usual;
  const ofFailures = OF_FAILURES.find((name) => request[name] !== undefined);
  if (!ofFailures) return meant;
  if (!meant.includes('FAILED'))
    throw refusal(`/filter/${ofFailures}`, action, `and only FAILED ones have a ${ofFailures}`);
  return ['FAILED'];
}

function statusesNamed({ status = [] }: JobFilterRequest): JobStatus[] {
  const words = Array.isArray(status) ? status : [status];
  return [...new Set(words.flatMap((word) => parseJobStatus(word) ?? []))];
}

function refusal(pointer: string, action: BulkAction, but: string) {
  const detail = `${action} is possible for jobs that are ${REACH[action].possible.join(', ')}, ${but}`;
  return invalid('validation_failed', [{ pointer, detail, code: 'does_not_fit_action' }]);
}
