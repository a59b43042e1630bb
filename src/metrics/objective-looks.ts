import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { type ObjectiveStatus, ObjectivesQuery } from '../queues/index.js';
import { labelled } from './labelled-queues.js';
import { ONE_SCRAPE_MS } from './same-everywhere.js';

/** The state of each objective, by the label of its queue. */
export type LabelledObjectives = ReadonlyMap<string, readonly ObjectiveStatus[]>;

/** Looks at the objectives once a scrape. */
@Injectable()
export class ObjectiveLooks extends SharedLook<LabelledObjectives> {
  constructor(objectives: ObjectivesQuery) {
    super(
      async () => byLabel(await objectives.read()),
      () => ONE_SCRAPE_MS,
    );
  }
}

function byLabel(statuses: ReadonlyMap<string, ObjectiveStatus>): LabelledObjectives {
  const queues = labelled([...statuses].map(([queue, status]) => ({ queue, status })));
  return new Map([...queues].map(([label, states]) => [label, states.map(({ status }) => status)]));
}
