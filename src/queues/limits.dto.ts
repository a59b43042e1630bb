import { Integer, Nested, declare, says } from '../common/http/index.js';
import { type Fault, RATE_UNITS, invalid, parseRate } from '../common/index.js';
import type { Limit, Limits } from '../queue/index.js';

const MOST_BURST = 1_000_000;
const UNITS = RATE_UNITS.join(', ');

/** A limit of each key. */
export class KeyLimitRequest {
  @declare(
    {
      description:
        `Starts per unit of time, \`100/minute\`: a number from 1 to 1000000 and one of ${UNITS}. In no such time, ` +
        'whenever it begins, more jobs start than that. Null = any number.',
      optional: true,
      nullable: true,
      default: null,
      example: '100/minute',
    },
    { type: 'string', pattern: `^[1-9][0-9]{0,6}/(${RATE_UNITS.join('|')})$` },
    says('isRate', rateFault),
  )
  rate?: string | null;

  @Integer({
    description:
      'Starts that may come together after a rest; the more, the fewer in the long run, because they count as well.',
    min: 1,
    max: MOST_BURST,
    optional: true,
    default: 1,
    example: 1,
  })
  burst?: number;

  @Integer({
    description: 'Jobs that may run at once; null = any number.',
    min: 1,
    max: 10_000,
    optional: true,
    nullable: true,
    default: null,
    example: 5,
  })
  concurrency?: number | null;
}

/** The limits of a queue. */
export class LimitsRequest extends KeyLimitRequest {
  @Nested({
    description:
      'The same for each `limit_key` on its own; jobs without one are not held by it. Null = none.',
    of: KeyLimitRequest,
    optional: true,
    nullable: true,
  })
  per_key?: KeyLimitRequest | null;
}

/**
 * The limits as they are kept; null when nothing is limited.
 * @throws DomainError validation_failed for a burst that no rate allows
 */
export function toLimits(request: LimitsRequest): Limits | null {
  const { per_key: ofKeys } = request;
  const faults = [
    ...burstFaults(request, '/limits'),
    ...(ofKeys ? burstFaults(ofKeys, '/limits/per_key') : []),
  ];
  if (faults.length > 0) throw invalid('validation_failed', faults);
  const perKey = ofKeys ? toLimit(ofKeys) : null;
  const limits = { ...toLimit(request), per_key: perKey && limitsSomething(perKey) ? perKey : null };
  return limitsSomething(limits) || limits.per_key ? limits : null;
}

function toLimit({ rate = null, burst = 1, concurrency = null }: KeyLimitRequest): Limit {
  return { rate, burst, concurrency };
}

function limitsSomething({ rate, concurrency }: Limit): boolean {
  return rate !== null || concurrency !== null;
}

function burstFaults({ rate, burst = 1 }: KeyLimitRequest, at: string): Fault[] {
  if (burst === 1) return [];
  const most = rate ? (parseRate(rate)?.count ?? 1) : undefined;
  if (most !== undefined && burst <= most) return [];
  const detail =
    most === undefined
      ? 'burst needs a rate: give one, or leave burst out'
      : `burst must not be more than the number of its rate, ${most}`;
  const code = most === undefined ? 'burst_without_rate' : 'burst_above_rate';
  return [{ pointer: `${at}/burst`, detail, code }];
}

function rateFault(value: unknown): string | undefined {
  return typeof value === 'string' && parseRate(value)
    ? undefined
    : `rate must be a number from 1 to 1000000, "/" and a unit, such as "100/minute"; the units are ${UNITS}`;
}
