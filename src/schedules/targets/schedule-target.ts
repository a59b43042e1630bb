import type { EntityManager } from 'typeorm';
import type { Enqueued, JsonObject, StartedWorkflow } from '../../queue/index.js';

/** What a schedule can start; each is a field of the requests that make and change schedules. */
export type TargetKind = 'job' | 'workflow';

/** What a schedule starts, as it is stored. */
export interface Target {
  readonly kind: TargetKind;
  /** The thing itself, in the words of the request. */
  readonly body: JsonObject;
  /** The type of the job that is enqueued: a worker that does not know it leaves it to one that does. */
  readonly jobType: string | null;
  /** The types of the jobs of a workflow: a worker that does not know all of them leaves it to one that does. */
  readonly jobTypes: readonly string[] | null;
}

/** A start by hand. */
export interface Start {
  readonly schedule: string;
  readonly body: JsonObject;
}

/** A start for an occurrence. */
export interface OccurrenceStart extends Start {
  readonly kind: TargetKind;
  /** The id of what is started: the same for the same occurrence, whoever starts it. */
  readonly id: string;
}

/** What was started by hand. */
export type StartedByHand =
  | { readonly kind: 'job'; readonly enqueued: Enqueued }
  | { readonly kind: 'workflow'; readonly started: StartedWorkflow };

/** Starts what schedules name. Another kind of target is another implementation. */
export interface ScheduleTarget {
  /**
   * Checks what is to be started.
   * @throws DomainError as a submission of the same would
   */
  check(body: object): Promise<Target>;

  /**
   * Starts each, or none; exactly when the transaction commits.
   * @returns the id of what each came to, in their order
   * @throws DomainError as a submission would
   */
  start(starts: readonly OccurrenceStart[], manager: EntityManager): Promise<string[]>;

  /** Starts one now. @throws DomainError as a submission would */
  startByHand(
    start: Start,
    idempotencyKey: string | undefined,
    manager: EntityManager,
  ): Promise<StartedByHand>;
}
