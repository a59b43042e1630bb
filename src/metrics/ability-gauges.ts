import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { LiveWorkersQuery, type WorkerAbilities } from '../worker/index.js';
import { askedGauge, only } from './gauge.js';
import { ONE_SCRAPE_MS, SAME_EVERYWHERE } from './same-everywhere.js';

/** Looks at the workers once a scrape. */
@Injectable()
export class AbilityLooks extends SharedLook<WorkerAbilities> {
  constructor(workers: LiveWorkersQuery) {
    super(
      () => workers.abilities(),
      () => ONE_SCRAPE_MS,
    );
  }
}

/** Whether workers that live take jobs. */
export const abilityGauges = [
  gauge(
    'workers_taking_jobs',
    'Workers that take jobs, or would if there were any.',
    ({ takingJobs }) => takingJobs,
  ),
  gauge(
    'workers_taking_nothing',
    'Workers that live and have free slots, and have not been able to take jobs for CANARY_TIMEOUT.',
    ({ takingNothing }) => takingNothing,
  ),
];

function gauge(name: string, help: string, valueOf: (abilities: WorkerAbilities) => number) {
  return askedGauge({
    name,
    help: `${help} ${SAME_EVERYWHERE}`,
    from: AbilityLooks,
    look: (looks) => looks.read(),
    samples: (abilities) => only(valueOf(abilities)),
  });
}
