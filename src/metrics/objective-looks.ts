import { Injectable } from '@nestjs/common';
import { SharedLook } from '../common/index.js';
import { type ObjectiveStatus, ObjectivesQuery } from '../queues/index.js';
import { labelled } from './labelled-queues.js';

/** How long (ms) an answer serves: several gauges are made from it. */
const FRESH_MS = 2_000;

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
    const byLabel = labelled([...(statuses ?? [])].map(([queue, status]) => ({ queue, status })));
    return new Map([...byLabel].map(([label, queues]) => [label, queues.map(({ status }) => status)]));
  }
}
