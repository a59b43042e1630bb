import { Injectable } from '@nestjs/common';
import { changesBetween, recordAction } from '../audit-record/index.js';
import { refuseQueue } from '../auth/index.js';
import { DatabaseClock, currentActor, invalid } from '../common/index.js';
import { parseMoment, requireMatch } from '../common/http/index.js';
import { Postgres, type Session } from '../database/index.js';
import { Engine, LimitSettings, Pauses } from '../queue/index.js';
import type { EditQueueRequest } from './edit-queue.dto.js';
import { toLimits } from './limits.dto.js';
import { toObjective } from './objectives/objective.dto.js';
import type { PauseQueueRequest } from './pause-queue.dto.js';
import { type QueueSettings, etagOf } from './queue-settings.js';
import { type Queue, QueuesQuery } from './queues.query.js';
import { LOCK_SETTINGS, UPDATE_SETTINGS } from './queues.sql.js';

/** Pauses queues and edits their settings. */
@Injectable()
export class QueuesService {
  constructor(
    private readonly postgres: Postgres,
    private readonly queues: QueuesQuery,
    private readonly pauses: Pauses,
    private readonly engine: Engine,
    private readonly limits: LimitSettings,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Lets no more jobs of a queue start; those that run go on. Pausing a paused queue changes the reason and the end.
   * @throws DomainError queue_not_found, validation_failed when it is to end before it begins
   */
  async pause(name: string, request: PauseQueueRequest): Promise<Queue> {
    const pause = { by: currentActor(), reason: request.reason ?? null, until: this.endOf(request) };
    if (!(await this.pauses.pause(name, pause))) return this.queues.notFound(name);
    return this.queues.get(name);
  }

  /** @throws DomainError queue_not_found */
  async resume(name: string): Promise<Queue> {
    if (!(await this.pauses.resume(name))) return this.queues.notFound(name);
    return this.queues.get(name);
  }

  /**
   * Changes the settings of a queue.
   * @param ifMatch the ETag of the settings that the caller has read
   * @throws DomainError queue_not_found, validation_failed, precondition_required, precondition_failed, forbidden
   */
  async edit(name: string, request: EditQueueRequest, ifMatch: string | undefined): Promise<Queue> {
    const { dead_letter_queue: target, retention, max_waiting: maxWaiting, objective } = request;
    if (target === name)
      throw fault('/dead_letter_queue', 'Name another queue: this one cannot be its own', 'same_queue');
    if (target) refuseQueue(target);
    const limits = request.limits && toLimits(request.limits);
    await this.postgres.transaction(async (session) => {
      // Claims hold what this takes first, and wait for what comes then.
      if (limits !== undefined) await this.limits.hold(session, name);
      const present = await this.lock(session, name);
      requireMatch(ifMatch, etagOf(present));
      if (target) await this.engine.ensureQueue(target, '/dead_letter_queue');
      const next = {
        deadLetterQueue: target === undefined ? present.deadLetterQueue : target,
        retention: retention === undefined ? present.retention : retention,
        maxWaiting: maxWaiting === undefined ? present.maxWaiting : maxWaiting,
        objective: objective === undefined ? present.objective : objective && toObjective(objective),
        limits: limits === undefined ? present.limits : limits,
      };
      await session.query(UPDATE_SETTINGS, [
        name,
        next.deadLetterQueue,
        next.retention,
        next.maxWaiting,
        next.objective,
      ]);
      if (limits !== undefined) await this.limits.set(session, name, limits);
      const changes = changesBetween({ ...present }, next);
      await recordAction(session, { action: 'queue.edit', subject: name, queue: name, ...changes });
    });
    // The edit is made; what is left undone here the workers sweep up.
    if (limits !== undefined) await this.limits.release(name).catch(() => undefined);
    return this.queues.get(name);
  }

  private endOf({ until: text }: PauseQueueRequest): Date | null {
    const until = text === undefined ? undefined : parseMoment(text);
    if (until && until.getTime() <= this.clock.now())
      throw fault('/until', 'until must lie in the future', 'past');
    return until ?? null;
  }

  private async lock(session: Session, name: string): Promise<QueueSettings> {
    const { rows } = await session.query<QueueSettings>(LOCK_SETTINGS, [name]);
    return rows[0] ?? this.queues.notFound(name);
  }
}

function fault(pointer: string, detail: string, code: string): Error {
  return invalid('validation_failed', [{ pointer, detail, code }]);
}
