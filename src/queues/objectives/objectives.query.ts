import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config, type Objective } from '../../config/index.js';
import { LimitUsages, type QueueLimits, QueueWork } from '../../queue/index.js';
import { type Attainment, WINDOWS, type WindowName, attainment } from './burn-rate.js';
import { SELECT_OBJECTIVES } from './objectives.sql.js';

/** How a queue keeps its objective. */
export interface ObjectiveStatus {
  readonly objective: Objective;
  /** Whether it is that of all queues without one of their own. */
  readonly isDefault: boolean;
  /** Jobs that wait for their first start and are late already. */
  readonly lateNow: number;
  readonly windows: Readonly<Record<WindowName, Attainment>>;
}

const NAMES = Object.keys(WINDOWS) as WindowName[];

/** Reads how the queues keep their objectives. */
@Injectable()
export class ObjectivesQuery {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly work: QueueWork,
    private readonly usages: LimitUsages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** By queue; those without an objective are missing. */
  async read(): Promise<ReadonlyMap<string, ObjectiveStatus>> {
    const fallback = this.config.jobs.objective ?? null;
    const rows = await this.source.query<{ name: string; objective: Objective | null }[]>(SELECT_OBJECTIVES);
    const own = new Map(rows.map(({ name, objective }) => [name, objective]));
    const objectives = new Map(
      [...own].flatMap(([name, objective]) => {
        const present = objective ?? fallback;
        return present ? [[name, present] as const] : [];
      }),
    );
    if (objectives.size === 0) return new Map();
    const [done, late, limits] = await Promise.all([
      this.work.within(Object.values(WINDOWS)),
      this.work.late(new Map([...objectives].map(([name, { startWithin }]) => [name, startWithin]))),
      this.usages.of(null),
    ]);
    return new Map(
      [...objectives].map(([name, objective]) => {
        const lateNow = hasRoom(limits.get(name)) ? (late.get(name) ?? 0) : 0;
        const windows = Object.fromEntries(
          NAMES.map((window, index) => [
            window,
            attainment(done.get(name)?.[index], lateNow, objective.target),
          ]),
        ) as Record<WindowName, Attainment>;
        return [name, { objective, isDefault: !own.get(name), lateNow, windows }];
      }),
    );
  }
}

/** What waits because a limit is used up waits by somebody's wish. */
function hasRoom(usage: QueueLimits | undefined): boolean {
  if (!usage) return true;
  const { limit, running, nextStartAt } = usage.queue;
  return nextStartAt === null && (limit.concurrency === null || running < limit.concurrency);
}
