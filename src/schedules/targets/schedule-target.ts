import type { EntityManager } from 'typeorm';
import type { Enqueued, JsonObject } from '../../queue/index.js';

/** What a schedule starts, as it is stored. */
export interface Target {
  /** Which kind of thing it is; `job` is the only one. */
  readonly kind: 'job';
  /** The thing itself, in the words of the request. */
  readonly body: JsonObject;
  /** The type of the job that is enqueued: a worker that does not know it leaves it to one that does. */
  readonly jobType: string | null;
}

/** One start of a target. */
export interface Start {
  readonly schedule: string;
  readonly body: JsonObject;
  /** The id of the job: the same for the same occurrence, whoever starts it. */
  readonly id: string;
}

/** Starts what schedules name. Another kind of target is another implementation. */
export abstract class ScheduleTarget {
  /**
   * Checks what is to be started.
   * @throws DomainError as a submission of the same would, its faults at `/job`
   */
  abstract check(body: object): Promise<Target>;

  /** Starts each, or none; exactly when the transaction commits. @throws DomainError as a submission would */
  abstract start(starts: readonly Start[], manager: EntityManager): Promise<Enqueued[]>;

  /** Starts one now, by hand. @throws DomainError as a submission would */
  abstract startByHand(start: Omit<Start, 'id'>, idempotencyKey: string | undefined): Promise<Enqueued>;

  /** The job types that this process knows. */
  abstract knownTypes(): string[];
}
