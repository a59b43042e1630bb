import { Choice, Decimal, Integer, ListOf, Text } from '../common/http/index.js';
import { type QueueNeed, type Sizing, workersFor } from './desired-workers.js';

const amount = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** What a queue needs. */
export class QueueScalingResponse {
  @Text({ description: 'Its name.', maxLength: 63, example: 'default' })
  name: string;

  @Decimal({ description: 'Jobs accepted per second, of late.', ...amount, example: 12.5 })
  arrivals_per_second: number;

  @Decimal({
    description:
      'Seconds for which an execution holds its slot, on average; null = none has ended within an hour.',
    ...amount,
    nullable: true,
    example: 1.6,
  })
  run_seconds: number | null;

  @Integer({ description: 'Jobs that run.', ...amount, example: 18 })
  running: number;

  @Integer({ description: 'Jobs that could start now; beyond 20,000 an estimate.', ...amount, example: 40 })
  backlog: number;

  @Decimal({ description: 'Slots it needs.', ...amount, example: 31.4 })
  needed_slots: number;

  @Integer({
    description: 'Workers with so many slots, were they for this queue alone.',
    ...amount,
    example: 4,
  })
  desired_workers: number;

  @Choice({
    description:
      'What keeps it from needing more: `pause`, or the `limit` of its concurrency or rate; null = nothing.',
    choices: ['pause', 'limit'],
    open: true,
    nullable: true,
    example: null,
  })
  held_by: 'pause' | 'limit' | null;
}

/** How many workers there should be. */
export class ScalingResponse {
  @Integer({ description: 'How many workers should run: what an autoscaler reads.', ...amount, example: 4 })
  desired_workers: number;

  @Integer({ description: 'Workers that run now and serve these queues.', ...amount, example: 3 })
  current_workers: number;

  @Integer({ description: 'Slots of one worker, as reckoned with.', ...amount, example: 10 })
  slots_per_worker: number;

  @Decimal({ description: 'Slots that the queues need together.', ...amount, example: 31.4 })
  needed_slots: number;

  @ListOf({ description: 'By name.', of: QueueScalingResponse })
  queues: QueueScalingResponse[];
}

/** What the queues need, as it leaves. */
export function toScalingResponse(needs: readonly QueueNeed[], sizing: Sizing): ScalingResponse {
  const slots = needs.reduce((sum, need) => sum + need.slots, 0);
  return {
    desired_workers: workersFor(slots, sizing),
    current_workers: sizing.current,
    slots_per_worker: sizing.slotsPerWorker,
    needed_slots: rounded(slots),
    queues: needs.map((need) => toQueueScalingResponse(need, sizing)),
  };
}

function toQueueScalingResponse({ demand, slots, heldBy }: QueueNeed, sizing: Sizing): QueueScalingResponse {
  return {
    name: demand.queue,
    arrivals_per_second: rounded(demand.arrivals),
    run_seconds: demand.runSeconds === null ? null : rounded(demand.runSeconds),
    running: demand.running,
    backlog: demand.backlog,
    needed_slots: rounded(slots),
    desired_workers: workersFor(slots, { ...sizing, min: 0, current: 0 }),
    held_by: heldBy,
  };
}

/** To thousandths. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
