import { Injectable } from '@nestjs/common';
import { DatabaseClock, SharedLook, firstIdAt } from '../common/index.js';
import { Postgres } from '../database/index.js';
import type { JobStatus } from '../queue/index.js';
import { NO_FIGURES, type QueueFigures, type Rates } from './queue-figures.js';
import { COUNT_JOBS, COUNT_RECENT_JOBS } from './queues.sql.js';

/** A look that takes longer (ms) may take up a twentieth of the time at most: counting millions costs a second. */
const QUICK_MS = 100;
const REST_FACTOR = 20;

/** Five minutes, and one for ids that were made before their jobs were accepted. */
const RECENT_IDS_MS = 6 * 60_000;

interface StateRow {
  readonly queue: string;
  readonly status: JobStatus;
  readonly total: number;
  readonly waiting: number;
  readonly oldestId: string | null;
  readonly oldestAge: number | null;
}

type RecentRow = { readonly queue: string } & Readonly<Record<`${keyof Rates}${1 | 5}`, number>>;

/** Looks at the jobs of all queues. */
@Injectable()
export class QueueFiguresQuery {
  private readonly looks = new SharedLook(
    () => this.look(),
    (tookMs) => (tookMs > QUICK_MS ? REST_FACTOR * tookMs : 0),
  );

  constructor(
    private readonly postgres: Postgres,
    private readonly clock: DatabaseClock,
  ) {}

  /** The figures by queue, exact as of now unless looking takes long; queues without jobs may be missing. */
  read(): Promise<ReadonlyMap<string, QueueFigures>> {
    return this.looks.read();
  }

  private look(): Promise<Map<string, QueueFigures>> {
    return this.postgres.sweep(async (session) => {
      const firstId = firstIdAt(new Date(this.clock.now() - RECENT_IDS_MS));
      const { rows: states } = await session.query<StateRow>(COUNT_JOBS);
      const { rows: recent } = await session.query<RecentRow>(COUNT_RECENT_JOBS, [firstId]);
      const figures = new Map(recent.map((row) => [row.queue, { ...NO_FIGURES, ...toRates(row) }]));
      for (const state of states)
        figures.set(state.queue, add(figures.get(state.queue) ?? NO_FIGURES, state));
      return figures;
    });
  }
}

function add(figures: QueueFigures, { status, total, waiting, oldestId, oldestAge }: StateRow): QueueFigures {
  return {
    ...figures,
    depth: { ...figures.depth, [status]: total },
    waiting: figures.waiting + waiting,
    oldest: oldestId !== null && oldestAge !== null ? { id: oldestId, age: oldestAge } : figures.oldest,
  };
}

function toRates(row: RecentRow): Pick<QueueFigures, 'lastMinute' | 'lastFiveMinutes'> {
  return {
    lastMinute: { submitted: row.submitted1, completed: row.completed1, failed: row.failed1 },
    lastFiveMinutes: {
      submitted: row.submitted5 / 5,
      completed: row.completed5 / 5,
      failed: row.failed5 / 5,
    },
  };
}
