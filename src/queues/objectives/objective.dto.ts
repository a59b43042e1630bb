import { Decimal } from '../../common/http/index.js';
import {
  HIGHEST_TARGET,
  LONGEST_START,
  LOWEST_TARGET,
  type Objective,
  SHORTEST_START,
} from '../../config/index.js';

/** How soon how many of the jobs of a queue are to start. */
export class ObjectiveRequest {
  @Decimal({
    description:
      'Seconds within which a job is to start for the first time: from the later of its creation and its schedule, of ' +
      'its release by locks and dependencies, and of the end of a pause.',
    min: SHORTEST_START,
    max: LONGEST_START,
    example: 10,
  })
  start_within: number;

  @Decimal({
    description: 'The fraction of the jobs that are to start so soon.',
    min: LOWEST_TARGET,
    max: HIGHEST_TARGET,
    example: 0.95,
  })
  target: number;
}

/** The objective as it is kept. */
export function toObjective({ start_within: startWithin, target }: ObjectiveRequest): Objective {
  return { startWithin, target };
}
