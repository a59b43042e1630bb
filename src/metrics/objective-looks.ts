import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { type ObjectiveStatus, ObjectivesQuery } from '../queues/index.js';

/** How long (ms) an answer serves: several gauges are made from it. */
const FRESH_MS = 2_000;

/** Anybody who may submit may name a queue, so only so many get a label of their own, the first by name … */
const LABELLED_QUEUES = 100;

/** … and the others share one that no queue can have. */
const OTHER_QUEUES = '_other';

/** Looks at the objectives, once in a while, however many ask. */
@Injectable()
export class ObjectiveLooks {
  private readonly looks = new SharedLook(
    () => this.objectives.read(),
    () => FRESH_MS,
  );

  constructor(private readonly objectives: ObjectivesQuery) {}

  /** By label; nothing while the database is away: the last look would pass for news. */
  async labelled(): Promise<ReadonlyMap<string, readonly ObjectiveStatus[]>> {
    const statuses = await this.looks.read().catch(() => undefined);
    const named = [...(statuses ?? [])].map(([queue, status], index) => ({
      label: index < LABELLED_QUEUES ? queue : OTHER_QUEUES,
      status,
    }));
    return new Map(
      [...Map.groupBy(named, ({ label }) => label)].map(([label, of]) => [
        label,
        of.map(({ status }) => status),
      ]),
    );
  }
}
