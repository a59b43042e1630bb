import { Inject, Injectable } from '@nestjs/common';
import { SharedLook } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres } from '../../database/index.js';
import { COUNT_LATE, selectWork } from './work.sql.js';

/** A look that takes longer (ms) may take up a twentieth of the time at most: reading millions of tickets costs a second. */
const QUICK_MS = 100;
const REST_FACTOR = 20;

/** What was done in a queue within one span of time. */
export interface Work {
  /** Jobs that started for the first time and are held against the objective of the queue; without one there are none. */
  readonly starts: number;
  /** Those of them that had waited longer than it allows. */
  readonly late: number;
  /** Executions that ended, whatever their outcome. */
  readonly ends: number;
  /** How long they had held their slots, in seconds. */
  readonly runSeconds: number;
}

type WorkRow = { readonly queue: string } & { readonly [Figure in keyof Work]: readonly number[] };

/** What was done of late, over all processes, and what is late. */
@Injectable()
export class QueueWork {
  /** All ask about the objectives there are: only the last question is asked again. */
  private latest:
    { readonly key: string; readonly look: SharedLook<ReadonlyMap<string, number>> } | undefined;

  constructor(
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * By queue what was done within each of these spans (s), up to three days, to the minute, in their order; queues in which
   * nothing was done are missing.
   */
  async within(spans: readonly number[]): Promise<ReadonlyMap<string, readonly Work[]>> {
    const startWithin = this.config.jobs.objective?.startWithin ?? null;
    const { rows } = await this.postgres.query<WorkRow>(selectWork(spans), [startWithin]);
    return new Map(rows.map((row) => [row.queue, spans.map((_, index) => workAt(row, index))]));
  }

  /**
   * How many jobs wait and are late already, by queue; queues without such are missing. As of now, or when looking takes
   * longer than 0.1 s, of at most twenty times as long ago as it takes.
   * @param withins the seconds that the objective of each queue gives a start
   */
  late(withins: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
    const key = JSON.stringify([...withins].sort());
    if (this.latest?.key !== key) this.latest = { key, look: this.lookFor(withins) };
    return this.latest.look.read();
  }

  private lookFor(withins: ReadonlyMap<string, number>): SharedLook<ReadonlyMap<string, number>> {
    return new SharedLook(
      () => this.countLate(withins),
      (tookMs) => (tookMs > QUICK_MS ? REST_FACTOR * tookMs : 0),
    );
  }

  private async countLate(withins: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
    if (withins.size === 0) return new Map();
    const values = [[...withins.keys()], [...withins.values()]];
    const { rows } = await this.postgres.sweep((session) =>
      session.query<{ queue: string; late: number }>(COUNT_LATE, values),
    );
    return new Map(rows.map(({ queue, late }) => [queue, late]));
  }
}

function workAt({ starts, late, ends, runSeconds }: WorkRow, index: number): Work {
  const at = (figures: readonly number[]) => figures[index] ?? 0;
  return { starts: at(starts), late: at(late), ends: at(ends), runSeconds: at(runSeconds) };
}
