import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import { type Claim, QueueService } from '../queue/index.js';
import { WorkerIdentity } from './worker-identity.js';
import { SELECT_HELD, SELECT_LOST } from './workers.sql.js';

/** A claim's answer that has not come after this time (ms) never will: its statements have given up. */
const LONGEST_ANSWER_MS = 4_000;

/** The attempts that a worker has in hand. */
export interface AttemptsInHand {
  /** Whether it still has an attempt of the job: running, or its outcome on the way. */
  holds(jobId: string): boolean;
  /** Somebody cancels these attempts. */
  cancel(attempts: readonly Claim[]): void;
  /** The attempts that run and had begun by `since` (monotonic, ms). */
  begunBefore(since: number): readonly Attempt[];
  /** These attempts are the worker's no more. */
  abandon(attempts: readonly Attempt[]): void;
}

type Attempt = Pick<Claim, 'id' | 'attempts'>;

/** An attempt that the database says is ours. */
type Held = Claim & { readonly isCancelled: boolean };

/**
 * Compares what the database says this worker holds with what it does hold. A claim whose answer was lost on the way
 * would be stranded; a handler whose job was taken over would go on in vain.
 */
@Injectable()
export class HeldAttempts {
  /** Attempts that are not in hand, and since when (monotonic, ms); a claim may still be on its way to us. */
  private suspects = new Map<string, number>();

  constructor(
    private readonly postgres: Postgres,
    private readonly queue: QueueService,
    private readonly identity: WorkerIdentity,
  ) {}

  async compare(inHand: AttemptsInHand): Promise<void> {
    const lookedAt = performance.now();
    const { rows } = await this.postgres.query<Held>(SELECT_HELD, [this.identity.id]);
    inHand.cancel(rows.filter((claim) => claim.isCancelled));
    inHand.abandon(await this.lostAmong(missingIn(rows, inHand.begunBefore(lookedAt))));
    await this.returnStranded(rows.filter((claim) => !inHand.holds(claim.id)));
  }

  /** A handler may go on after it has completed its job in a transaction of its own: that job is not lost. */
  private async lostAmong(attempts: readonly Attempt[]): Promise<Attempt[]> {
    if (attempts.length === 0) return [];
    const { rows } = await this.postgres.query<Attempt>(SELECT_LOST, [
      this.identity.id,
      attempts.map(({ id }) => id),
      attempts.map((attempt) => attempt.attempts),
    ]);
    return rows;
  }

  private async returnStranded(strangers: readonly Claim[]): Promise<void> {
    const now = performance.now();
    this.suspects = new Map(strangers.map(attemptOf).map((key) => [key, this.suspects.get(key) ?? now]));
    const stranded = strangers.filter(
      (claim) => now - (this.suspects.get(attemptOf(claim)) ?? now) >= LONGEST_ANSWER_MS,
    );
    const error = {
      name: 'Interrupted',
      message: 'The answer to this claim was lost before the attempt began',
    };
    await this.queue.settle(
      stranded.map((claim) => ({ claim, outcome: { kind: 'interrupted', error, evidence: 'none' } })),
    );
  }
}

/** Those of the attempts that are not held. */
function missingIn(held: readonly Attempt[], attempts: readonly Attempt[]): Attempt[] {
  const keys = new Set(held.map(attemptOf));
  return attempts.filter((attempt) => !keys.has(attemptOf(attempt)));
}

function attemptOf({ id, attempts }: Attempt): string {
  return `${id}/${attempts}`;
}
