import { Injectable } from '@nestjs/common';
import { Backoff } from '../backoff/backoff.js';
import type { EndedAttempt } from '../job-events.js';
import { isFinal } from '../job-status.js';
import { JobTypes } from '../job-types.js';
import type { Job } from '../job.entity.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';
import { fingerprintOf } from '../settle/fingerprint.js';
import type { AttemptOutcome } from '../settle/outcome.js';
import type { Settled } from '../settle/settler.js';
import { storableResult } from '../settle/storable.js';
import { type Settlement, settlementFor } from '../settle/transition.js';
import { MemoryPlacement } from './memory-placement.js';
import { JobMemory } from './memory.js';

/** Ends attempts. */
@Injectable()
export class MemorySettler {
  constructor(
    private readonly memory: JobMemory,
    private readonly placement: MemoryPlacement,
    private readonly types: JobTypes,
    private readonly backoff: Backoff,
  ) {}

  /** Writes outcomes, each only over the attempt that earned it. */
  settle(outcomes: readonly AttemptOutcome[]): Settled {
    const written = outcomes.flatMap((outcome) => this.write(outcome) ?? []);
    this.placement.follow(written.filter(({ status }) => isFinal(status)));
    const done = new Set(written.map(({ id }) => id));
    const refused = outcomes.map(({ claim }) => claim.id).filter((id) => !done.has(id));
    return { written: written.map(endedAttempt), refused };
  }

  private write(attempt: AttemptOutcome): Job | undefined {
    const { claim } = attempt;
    const job = this.memory.jobs.get(claim.id);
    if (job?.status !== 'PROCESSING' || job.attempts !== claim.attempts) return undefined;
    const policy = claim.backoff ?? this.types.get(claim.type).backoff;
    const settlement = settlementFor(attempt, policy, (...args) => this.backoff.decide(...args));
    const { error } = settlement;
    if (job.cancelRequestedAt)
      this.memory.change(job, 'cancelled', this.cancelled(job, settlement), { error });
    else this.memory.change(job, settlement.event, this.changes(job, settlement), { error });
    return job;
  }

  private changes(job: Job, settlement: Settlement): Partial<Job> {
    const { status, error, delay_ms, raise, interruptions, interruptions_alone } = settlement;
    const now = this.memory.now;
    const waits = status === 'PENDING';
    const result = storableResult(settlement.result);
    return {
      status,
      result: result === null ? null : (JSON.parse(result) as unknown),
      errorMessage: status === 'COMPLETED' ? null : (error?.message ?? job.errorMessage),
      errorFingerprint: status === 'FAILED' && error ? fingerprintOf(error, job.type) : null,
      maxAttempts: job.maxAttempts === null ? null : job.maxAttempts + raise,
      interruptions: job.interruptions + interruptions,
      interruptionsAlone: job.interruptionsAlone + interruptions_alone,
      scheduledAt: waits ? new Date(now.getTime() + delay_ms) : job.scheduledAt,
      ticketed: waits && delay_ms <= TICKET_HORIZON_MS,
      finishedAt: waits ? null : now,
    };
  }

  /** A job that somebody wanted cancelled ends so, whatever its outcome. */
  private cancelled(job: Job, { error }: Settlement): Partial<Job> {
    const errorMessage = error?.message ?? job.errorMessage;
    return { status: 'CANCELLED', result: null, errorMessage, ticketed: false, finishedAt: this.memory.now };
  }
}

function endedAttempt(job: Job): EndedAttempt {
  const { id, queue, type, status, attempts, startedAt, updatedAt, lastEvent } = job;
  return {
    id,
    queue,
    type,
    status,
    attempts,
    startedAt: startedAt ?? updatedAt,
    updatedAt,
    outcome: lastEvent as EndedAttempt['outcome'],
  };
}
