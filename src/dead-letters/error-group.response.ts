import {
  Choice,
  Integer,
  ListOf,
  NextCursor,
  PageCursor,
  PageSize,
  Text,
  TextList,
  Truth,
} from '../common/http/index.js';
import { MOST_COUNTED } from './error-groups.sql.js';
import { type ErrorGroup, GROUP_STATES, type GroupState } from './error-groups.query.js';

const EXAMPLE_ID = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
const MOST_SHOWN = 20;
const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;

/** Which groups to list, and where to go on. */
export class ListErrorGroupsRequest {
  @Choice({
    description: 'Only groups in this state.',
    choices: [...GROUP_STATES, 'all'],
    optional: true,
    default: 'open',
    example: 'open',
  })
  state?: GroupState | 'all';

  @PageSize({ max: 100 })
  limit?: number;

  @PageCursor()
  cursor?: string;
}

/** How many jobs of a type failed. */
export class TypeCountResponse {
  @Text({ description: 'The type.', maxLength: 200, example: 'send_email' })
  type: string;

  @Integer({ description: 'Of the latest 10,000 jobs of the group.', min: 1, max: 10_000, example: 12 })
  count: number;
}

/** Failed jobs whose errors have one cause. */
export class ErrorGroupResponse {
  @Text({ description: 'What their errors have in common.', maxLength: 64, example: '9f86d081884c7d65' })
  fingerprint: string;

  @Choice({ description: 'What operators have made of it.', choices: GROUP_STATES, example: 'open' })
  state: GroupState;

  @Truth({ description: 'Whether it was resolved and has failed again since.', example: false })
  regressed: boolean;

  @Text({ description: 'When somebody last changed its state.', ...time, nullable: true })
  changed_at: string | null;

  @Text({ description: 'Who that was.', maxLength: 200, nullable: true, example: 'anonymous' })
  changed_by: string | null;

  @Text({ description: "The latest error's class.", maxLength: 200, nullable: true, example: 'Error' })
  error_name: string | null;

  @Text({ description: 'What it says.', maxLength: 5000, nullable: true, example: 'SMTP connection timeout' })
  message: string | null;

  @Integer({ description: 'Failed jobs.', min: 1, max: MOST_COUNTED, example: 12 })
  count: number;

  @Truth({ description: `False: there are more than ${MOST_COUNTED}.`, example: true })
  count_is_exact: boolean;

  @ListOf({
    description: `Their types, the most frequent first, ${MOST_SHOWN} at most.`,
    of: TypeCountResponse,
  })
  types: TypeCountResponse[];

  @TextList({
    description: `Their queues, ${MOST_SHOWN} at most.`,
    maxItems: MOST_SHOWN,
    maxLength: 63,
    example: ['emails'],
  })
  queues: string[];

  @Text({ description: 'The first failure of those that are still failed.', ...time })
  first_seen: string;

  @Text({ description: 'The latest failure.', ...time })
  last_seen: string;

  @TextList({ description: 'The jobs that failed last.', maxItems: 5, maxLength: 36, example: [EXAMPLE_ID] })
  job_ids: string[];
}

/** A page of groups, the latest failure first. */
export class ErrorGroupListResponse {
  @ListOf({ description: 'The latest failure first.', of: ErrorGroupResponse })
  groups: ErrorGroupResponse[];

  @NextCursor()
  next_cursor: string | null;
}

/** A group as it leaves. */
export function toErrorGroupResponse(group: ErrorGroup): ErrorGroupResponse {
  return {
    fingerprint: group.fingerprint,
    state: group.state,
    regressed: group.regressed,
    changed_at: group.changedAt?.toISOString() ?? null,
    changed_by: group.changedBy,
    error_name: group.name,
    message: group.message,
    count: Math.min(group.count, MOST_COUNTED),
    count_is_exact: group.count <= MOST_COUNTED,
    types: typesOf(group).slice(0, MOST_SHOWN),
    queues: group.queues.slice(0, MOST_SHOWN),
    first_seen: group.firstSeen.toISOString(),
    last_seen: group.lastSeen.toISOString(),
    job_ids: [...group.jobIds],
  };
}

/** The most frequent first; a type may have failed in several queues. */
function typesOf({ types }: ErrorGroup): TypeCountResponse[] {
  const sums = new Map<string, number>();
  for (const { type, count } of types) sums.set(type, (sums.get(type) ?? 0) + count);
  return [...sums]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || a.type.localeCompare(b.type));
}
