import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/index.js';
import { isPassing } from '../database/index.js';
import { type AttemptOutcome, OutcomesHeldError, QueueService } from '../queue/index.js';
import { HeldOutcomes } from './held-outcomes.js';

const LARGEST_BATCH = 500;

/** Outcomes that may wait before whoever brings more is kept waiting: each may hold a result of 256 KiB. */
const LARGEST_BACKLOG = 1_000;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;

/**
 * Gathers outcomes while a settle is under way and writes them together. An outcome is never dropped: while
 * the database is away it waits here, as long as this process lives; one whose row somebody else holds waits apart; and
 * one that the database refuses becomes a failure that says so.
 */
@Injectable()
export class SettleBuffer {
  private readonly logger = new Logger(SettleBuffer.name);
  private waiting: AttemptOutcome[] = [];
  private writing: readonly AttemptOutcome[] = [];
  private drained: Promise<void> = Promise.resolve();
  private batchSize = LARGEST_BATCH;
  private failures = 0;

  private readonly held: HeldOutcomes;

  constructor(private readonly queue: QueueService) {
    this.held = new HeldOutcomes(
      (outcomes) => queue.settle(outcomes),
      (outcomes) => this.take(outcomes),
    );
  }

  /** Takes an outcome over; it will be written. Resolves when there is room for the next one. */
  async add(outcome: AttemptOutcome): Promise<void> {
    this.take([outcome]);
    if (this.waiting.length > LARGEST_BACKLOG) await this.drained;
    if (this.held.size > LARGEST_BACKLOG) await this.held.emptied();
  }

  /** Resolves when everything that was added is written. */
  async flushed(): Promise<void> {
    while (this.waiting.length + this.writing.length + this.held.size > 0) {
      await this.drained;
      await this.held.emptied();
    }
  }

  /** Whether the outcome of this attempt is still to be written. */
  holds(jobId: string): boolean {
    return (
      this.held.holds(jobId) || [...this.waiting, ...this.writing].some(({ claim }) => claim.id === jobId)
    );
  }

  private take(outcomes: readonly AttemptOutcome[]): void {
    this.waiting.push(...outcomes);
    if (this.writing.length === 0) this.drained = this.drain();
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      this.writing = this.waiting.splice(0, this.batchSize);
      await this.write(this.writing);
      this.writing = [];
    }
  }

  private async write(batch: readonly AttemptOutcome[]): Promise<void> {
    try {
      await this.queue.settle(batch);
      this.noteSuccess();
    } catch (error) {
      if (error instanceof OutcomesHeldError) this.putAside(error.held);
      else if (isPassing(error)) await this.tryLater(batch, error);
      else await this.writeParts(batch, error);
    }
  }

  private noteSuccess(): void {
    if (this.failures > 0) this.logger.log('Outcomes of jobs are being stored again');
    this.failures = 0;
    this.batchSize = Math.min(LARGEST_BATCH, this.batchSize * 2);
  }

  /** All others were written: the database is well, and only these have to wait for whoever holds them. */
  private putAside(outcomes: readonly AttemptOutcome[]): void {
    this.noteSuccess();
    const [first] = outcomes;
    if (this.held.size === 0 && first)
      this.logger.warn(
        `Outcomes wait for a transaction that holds the rows of their jobs (${first.claim.id} …)`,
      );
    this.held.add(outcomes);
  }

  /**
   * Fewer at a time, and after those that wait already: large results may have been what made the statement too slow,
   * and must not hold up all the others for ever.
   */
  private async tryLater(batch: readonly AttemptOutcome[], error: unknown): Promise<void> {
    this.waiting.push(...batch);
    this.batchSize = Math.ceil(batch.length / 2);
    if (this.failures === 0) this.logger.warn(`Outcomes of jobs wait for the database: ${messageOf(error)}`);
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    await new Promise((done) => setTimeout(done, delay));
  }

  /** One outcome spoils its batch: halve until it stands alone, then say plainly what happened to it. */
  private async writeParts(batch: readonly AttemptOutcome[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.write(batch.slice(0, middle));
      await this.write(batch.slice(middle));
    } else if (only) {
      this.logger.error(`Job ${only.claim.id}: its outcome could not be stored: ${messageOf(error)}`);
      await this.writeFailure(only, error);
    }
  }

  private async writeFailure(attempt: AttemptOutcome, error: unknown): Promise<void> {
    const message = `The outcome of this attempt could not be stored: ${messageOf(error)}`;
    const outcome = { kind: 'failed', error: { name: 'OutcomeNotStored', message } } as const;
    try {
      await this.queue.settle([{ claim: attempt.claim, outcome }]);
    } catch (failure) {
      // So it was not the outcome's fault.
      if (failure instanceof OutcomesHeldError) this.putAside([attempt]);
      else await this.tryLater([attempt], failure);
    }
  }
}
