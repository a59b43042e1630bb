import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Objective } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { type JobCount, JobCounts, type JobRate, type Limits, QueueWork } from '../queue/index.js';
import type { QueueDemand } from './desired-workers.js';
import { SELECT_BACKLOGS } from './scaling.sql.js';

const FIVE_MINUTES = 300;
const ONE_HOUR = 3_600;

/** In how many seconds a backlog is to be started where no objective says so. */
const DRAIN_WITHIN = 60;

/** A job that needs more executions than this on average keeps failing, and workers are no help. */
const MOST_EXECUTIONS = 10;

interface BacklogRow {
  readonly name: string;
  readonly isPaused: boolean;
  readonly limits: Limits | null;
  readonly objective: Objective | null;
  readonly backlog: number;
}

/** Reads what the queues ask of the workers, in a time that does not grow with what waits. */
@Injectable()
export class ScalingQuery {
  constructor(
    private readonly postgres: Postgres,
    private readonly counts: JobCounts,
    private readonly work: QueueWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** By name. @param queues null = all of them; unknown ones are missing */
  async demands(queues: readonly string[] | null): Promise<QueueDemand[]> {
    const [counts, rates, work] = await Promise.all([
      this.counts.read(),
      this.counts.rates(FIVE_MINUTES),
      this.work.within([FIVE_MINUTES, ONE_HOUR]),
    ]);
    const pending = totals(counts, 'PENDING');
    const values = [queues, [...pending.keys()], [...pending.values()]];
    const { rows } = await this.postgres.query<BacklogRow>(SELECT_BACKLOGS, values);
    const running = totals(counts, 'PROCESSING');
    return rows.map(({ name, objective, ...row }) => {
      const of = rates.filter(({ queue }) => queue === name);
      const [recent, hour] = work.get(name) ?? [];
      const { ends = 0, runSeconds = 0 } = recent?.ends ? recent : (hour ?? {});
      const finished = perFiveMinutes(of, 'completed') + perFiveMinutes(of, 'failed');
      return {
        ...row,
        queue: name,
        running: running.get(name) ?? 0,
        arrivals: arrivalsOf(of),
        executions: finished > 0 && recent ? within(1, recent.ends / finished, MOST_EXECUTIONS) : 1,
        runSeconds: ends > 0 ? runSeconds / ends : null,
        drainWithin: (objective ?? this.config.jobs.objective)?.startWithin ?? DRAIN_WITHIN,
      };
    });
  }
}

function totals(counts: readonly JobCount[], status: JobCount['status']): Map<string, number> {
  const found = new Map<string, number>();
  for (const count of counts)
    if (count.status === status) found.set(count.queue, (found.get(count.queue) ?? 0) + count.jobs);
  return found;
}

/** Jobs per second: of the last minute when it was busier, so that a rise is followed at once, and a fall in time. */
function arrivalsOf(rates: readonly JobRate[]): number {
  const submitted = rates.find(({ event }) => event === 'submitted');
  return Math.max((submitted?.lastMinute ?? 0) / 60, (submitted?.lastFiveMinutes ?? 0) / FIVE_MINUTES);
}

function perFiveMinutes(rates: readonly JobRate[], wanted: JobRate['event']): number {
  return rates.find(({ event }) => event === wanted)?.lastFiveMinutes ?? 0;
}

function within(min: number, value: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
