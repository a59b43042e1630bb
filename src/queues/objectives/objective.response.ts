import { Decimal, Integer, Nested, Truth } from '../../common/http/index.js';
import { LONGEST_START } from '../../config/index.js';
import { type Attainment, budgetLeft } from './burn-rate.js';
import type { ObjectiveStatus } from './objectives.query.js';

const amount = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** How soon how many of the jobs of a queue are to start. */
export class ObjectiveResponse {
  @Decimal({
    description: 'Seconds within which a job is to start for the first time.',
    min: 0,
    max: LONGEST_START,
    example: 10,
  })
  start_within: number;

  @Decimal({ description: 'The fraction that is to.', min: 0, max: 1, example: 0.95 })
  target: number;

  @Truth({
    description: 'Whether it is DEFAULT_OBJECTIVE, because the queue has none of its own.',
    example: false,
  })
  is_default: boolean;
}

/** How an objective was kept within a window. */
export class AttainmentResponse {
  @Integer({
    description: 'Jobs that started for the first time, and those that wait and are late already.',
    ...amount,
    example: 1200,
  })
  jobs: number;

  @Integer({ description: 'Those of them that were, or are, late.', ...amount, example: 12 })
  late: number;

  @Decimal({
    description: 'The fraction that was not; null when there were no jobs.',
    min: 0,
    max: 1,
    nullable: true,
    example: 0.99,
  })
  attained: number | null;

  @Decimal({
    description: 'The fraction that was late over the fraction that may be: above 1 the objective is missed.',
    ...amount,
    example: 0.2,
  })
  burn_rate: number;
}

/** How an objective is kept. */
export class ObjectiveStatusResponse {
  @Integer({ description: 'Jobs that wait and are late already.', ...amount, example: 0 })
  late_now: number;

  @Decimal({
    description:
      'What is left of the jobs that may be late in three days: 1 = all, 0 = none, below 0 = more were.',
    min: -Number.MAX_SAFE_INTEGER,
    max: 1,
    example: 0.8,
  })
  budget_left: number;

  @Nested({ description: 'Up to now, to the minute.', of: AttainmentResponse })
  last_5_minutes: AttainmentResponse;

  @Nested({ description: 'The same.', of: AttainmentResponse })
  last_30_minutes: AttainmentResponse;

  @Nested({ description: 'The same.', of: AttainmentResponse })
  last_hour: AttainmentResponse;

  @Nested({ description: 'The same.', of: AttainmentResponse })
  last_6_hours: AttainmentResponse;

  @Nested({ description: 'The same.', of: AttainmentResponse })
  last_3_days: AttainmentResponse;
}

/** The objective as it leaves. */
export function toObjectiveResponse(status: ObjectiveStatus | undefined): ObjectiveResponse | null {
  if (!status) return null;
  const { startWithin, target } = status.objective;
  return { start_within: startWithin, target, is_default: status.isDefault };
}

/** How it is kept, as it leaves. */
export function toObjectiveStatusResponse(
  status: ObjectiveStatus | undefined,
): ObjectiveStatusResponse | null {
  if (!status) return null;
  const { windows, lateNow } = status;
  return {
    late_now: lateNow,
    budget_left: rounded(budgetLeft(windows.last_3_days)),
    last_5_minutes: toAttainmentResponse(windows.last_5_minutes),
    last_30_minutes: toAttainmentResponse(windows.last_30_minutes),
    last_hour: toAttainmentResponse(windows.last_hour),
    last_6_hours: toAttainmentResponse(windows.last_6_hours),
    last_3_days: toAttainmentResponse(windows.last_3_days),
  };
}

function toAttainmentResponse({ jobs, late, attained, burnRate }: Attainment): AttainmentResponse {
  return { jobs, late, attained: attained === null ? null : rounded(attained), burn_rate: rounded(burnRate) };
}

/** To four decimals: what most targets differ by from 1. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
