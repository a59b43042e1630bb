import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DomainError, didYouMean } from '../common/index.js';
import { CONFIG, type Config, type Objective } from '../config/index.js';
import { type Limits, LimitUsages, type QueueLimits } from '../queue/index.js';
import { type ObjectiveStatus, ObjectivesQuery } from './objectives/objectives.query.js';
import { NO_FIGURES, type QueueFigures } from './queue-figures.js';
import { QueueFiguresQuery } from './queue-figures.query.js';
import { SELECT_QUEUES, SELECT_QUEUE_NAMES } from './queues.sql.js';

/** A queue as the database knows it. */
export interface Queue {
  readonly name: string;
  readonly deadLetterQueue: string | null;
  /** Null = finished jobs stay as long as the settings of the service say. */
  readonly retention: 'none' | null;
  /** Null = none. */
  readonly limits: Limits | null;
  /** What is used of them now; undefined = it has none. */
  readonly limitUsage: QueueLimits | undefined;
  /** Jobs that may wait in it; null = as the settings of the service say. */
  readonly maxWaiting: number | null;
  /** Its own; null = that of all queues. */
  readonly objective: Objective | null;
  /** How it keeps its objective; undefined = it has none. */
  readonly objectiveStatus: ObjectiveStatus | undefined;
  readonly isPaused: boolean;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly pausedUntil: Date | null;
  /** Workers that claim from it. */
  readonly liveWorkers: number;
  readonly figures: QueueFigures;
}

/** Reads queues. */
@Injectable()
export class QueuesQuery {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly figures: QueueFiguresQuery,
    private readonly usages: LimitUsages,
    private readonly objectives: ObjectivesQuery,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** All queues by name. */
  list(): Promise<Queue[]> {
    return this.select(null);
  }

  /** @throws DomainError queue_not_found */
  async get(name: string): Promise<Queue> {
    const [queue] = await this.select(name);
    return queue ?? this.notFound(name);
  }

  /** @throws DomainError queue_not_found */
  async notFound(name: string): Promise<never> {
    const known = await this.source.query<{ name: string }[]>(SELECT_QUEUE_NAMES);
    const guess = didYouMean(
      name,
      known.map((queue) => queue.name),
    );
    const detail = `There is no queue "${name}".${guess} A queue exists from its first job on; GET /queues lists them.`;
    throw new DomainError('queue_not_found', detail);
  }

  private async select(name: string | null): Promise<Queue[]> {
    const { deadAfterSeconds } = this.config.worker;
    const [queues, figures, usages, objectives] = await Promise.all([
      this.source.query<Omit<Queue, 'figures' | 'limitUsage' | 'objectiveStatus'>[]>(SELECT_QUEUES, [
        deadAfterSeconds,
        name,
      ]),
      this.figures.read(),
      this.usages.of(name),
      this.objectives.read(),
    ]);
    return queues.map((queue) => ({
      ...queue,
      limitUsage: usages.get(queue.name),
      objectiveStatus: objectives.get(queue.name),
      figures: figures.get(queue.name) ?? NO_FIGURES,
    }));
  }
}
