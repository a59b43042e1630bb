import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import type { BulkOperation } from './bulk-operation.js';
import { BulkOperationsStore, type Tally } from './bulk-operations.store.js';
import { type Fate, ManagedJobs } from './managed-jobs.js';
import { MatchingJobs, type Reading } from './matching-jobs.query.js';
import { Pace } from './pace.js';
import type { Selection } from './selection.sql.js';
import { tallyOf } from './tally.js';

/** Counting further than this, or for longer, helps nobody to decide. */
const MOST_COUNTED = 1_000_000;
const COUNT_WITHIN_MS = 30_000;

/** Ids kept as an example. */
export const SAMPLE = 10;

/** After an interruption nobody knows when the last step was: a whole second passes before the next. */
const REST_MS = 1_000;

/** How far a run has come. */
interface Progress extends Tally {
  readonly cursor: string | null;
}

/** Does the work of bulk operations: counts, then walks through the jobs by id, the oldest first. */
@Injectable()
export class BulkRunner {
  private readonly reading: Reading = (work) => this.postgres.sweep(work);

  constructor(
    private readonly postgres: Postgres,
    private readonly store: BulkOperationsStore,
    private readonly matching: MatchingJobs,
    private readonly jobs: ManagedJobs,
  ) {}

  /**
   * Does what is left of an operation.
   * @param onProgress told after each step how many jobs were seen to, and of how many
   * @throws the signal's reason when it fires; another attempt goes on from there
   */
  async run(
    operation: BulkOperation,
    signal: AbortSignal,
    onProgress: (seen: number, total: number) => void,
  ): Promise<Tally> {
    const selection = selectionOf(operation);
    const matched = operation.matched ?? (await this.count(operation, selection, signal));
    const total = Math.min(matched, operation.most ?? Infinity);
    const pace = new Pace(operation.perSecond, operation.attempt > 1 ? REST_MS : 0);
    let progress = await this.finishChunk(operation, pace, signal);
    for (;;) {
      onProgress(seen(progress), total);
      const left = (operation.most ?? Infinity) - seen(progress);
      // A slow operation does not wait for its next step when there is none.
      if (operation.perSecond !== null && (await this.next(selection, progress, left, 1)).length === 0) break;
      const ids = await this.next(selection, progress, left, await pace.ready(signal));
      if (ids.length === 0) break;
      await this.store.planChunk(operation, ids);
      const fates = await this.jobs.change(operation, ids);
      pace.stepEnded(ids.length);
      progress = await this.record(operation, progress, ids, fates);
    }
    await this.store.complete(operation, progress);
    return progress;
  }

  private async count(operation: BulkOperation, selection: Selection, signal: AbortSignal): Promise<number> {
    const patience = { most: MOST_COUNTED, withinMs: COUNT_WITHIN_MS, signal };
    const count = await this.matching.count(this.reading, selection, patience);
    const sample = await this.reading((session) => this.matching.next(session, selection, null, SAMPLE));
    await this.store.recordMatched(operation, count, sample);
    return count.matched;
  }

  /** An attempt before this one may have died between changing a chunk and saying so. */
  private async finishChunk(operation: BulkOperation, pace: Pace, signal: AbortSignal): Promise<Progress> {
    const { chunk, cursor, done, skipped, failed, reasons } = operation;
    const before: Progress = { cursor, done, skipped, failed, reasons };
    if (!chunk) return before;
    await pace.ready(signal);
    const changed = await this.store.changedBefore(operation, chunk);
    const rest = await this.jobs.change(
      operation,
      chunk.filter((id) => !changed.has(id)),
    );
    pace.stepEnded(rest.length);
    const fates: Fate[] = [...[...changed].map((id) => ({ id, result: 'done' as const })), ...rest];
    return this.record(operation, before, chunk, fates);
  }

  private async next(
    selection: Selection,
    { cursor }: Progress,
    left: number,
    most: number,
  ): Promise<string[]> {
    const limit = Math.min(left, most);
    if (limit <= 0) return [];
    return this.reading((session) => this.matching.next(session, selection, cursor, limit));
  }

  private async record(
    operation: BulkOperation,
    before: Progress,
    ids: readonly string[],
    fates: readonly Fate[],
  ): Promise<Progress> {
    const tally = tallyOf(fates, before.reasons);
    await this.store.recordChunk(operation, tally);
    return {
      cursor: ids.at(-1) ?? before.cursor,
      done: before.done + tally.done,
      skipped: before.skipped + tally.skipped,
      failed: before.failed + tally.failed,
      reasons: tally.reasons,
    };
  }
}

function selectionOf({ id, action, filter, createdAt }: BulkOperation): Selection {
  return { action, filter, acceptedUntil: createdAt, except: id };
}

function seen({ done, skipped, failed }: Tally): number {
  return done + skipped + failed;
}
