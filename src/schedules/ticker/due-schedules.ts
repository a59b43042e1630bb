import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, cutToBytes, messageOf, storableText } from '../../common/index.js';
import { isContention, isPassing } from '../../database/index.js';
import type { OccurrenceStart } from '../targets/schedule-target.js';
import { ScheduleTargets, type Started } from '../targets/schedule-targets.js';
import { occurrenceId } from './occurrence-id.js';
import { type DueSchedule, type Plan, planSome } from './plan.js';
import { shareOf } from './share.js';
import { NEXT_DUE, RECORD, SELECT_FIRED, SET_PATIENCE, TAKE_DUE } from './ticker.sql.js';

/** Schedules fired in one transaction, at most. */
const BATCH = 50;

/** How long (ms) until an occurrence is tried again that needed what somebody else held. */
const TRY_AGAIN_MS = 1_000;

/** Bytes of an error that are kept. */
const LONGEST_ERROR = 2_000;

/** What fails every schedule alike, and is worth trying again as a whole. */
const OUTAGES: ReadonlySet<string> = new Set(['database_unavailable', 'storage_full', 'overloaded']);

/** What came of starting a target: a job or a workflow, why there is none, or that it must be tried again. */
type Outcome =
  | { readonly kind: 'started'; readonly started: Started }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'held' };

/** Fires schedules that are due. */
@Injectable()
export class DueSchedules {
  private readonly logger = new Logger('Schedules');

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly targets: ScheduleTargets,
  ) {}

  /**
   * Fires some of those that are due. What they start, the record of it and the next times are written in one transaction, so
   * that whoever dies in the middle has done nothing.
   * @returns how many schedules there were; 0 = all is done
   */
  async fire(): Promise<number> {
    const plans = await this.source.transaction('READ COMMITTED', async (manager) => {
      const due: DueSchedule[] = await manager.query(TAKE_DUE, [this.targets.knownTypes(), BATCH]);
      if (due.length === 0) return [];
      await manager.query(SET_PATIENCE);
      const planned = await this.withoutFired(manager, planSome(shareOf(due)));
      const outcomes = await this.start(manager, planned);
      await manager.query(RECORD, [
        JSON.stringify(planned.map((plan) => recordOf(plan, outcomes.get(plan)))),
      ]);
      return planned.map((plan) => ({ plan, outcome: outcomes.get(plan) }));
    });
    for (const { plan, outcome } of plans) this.tell(plan, outcome);
    return plans.length;
  }

  /** Milliseconds until the next one is due, below 0 when it is already; null = none waits. */
  async nextDue(): Promise<number | null> {
    const [next] = await this.source.query<{ ms: string }[]>(NEXT_DUE, [this.targets.knownTypes()]);
    return next ? Number(next.ms) : null;
  }

  /** An occurrence that was fired before, as somebody has turned its schedule back by hand, is not fired again. */
  private async withoutFired(manager: EntityManager, plans: readonly Plan[]): Promise<Plan[]> {
    const firing = plans.filter(({ occurrence }) => occurrence !== null);
    const rows: { id: string }[] = await manager.query(SELECT_FIRED, [
      firing.map(({ schedule }) => schedule.id),
      firing.map(({ occurrence }) => occurrence),
    ]);
    const fired = new Set(rows.map(({ id }) => id));
    return plans.map((plan) =>
      fired.has(plan.schedule.id) ? { ...plan, occurrence: null, warning: null } : plan,
    );
  }

  /** All at once, which is what succeeds nearly always; else one by one, so that none spoils it for the others. */
  private async start(manager: EntityManager, plans: readonly Plan[]): Promise<Map<Plan, Outcome>> {
    const starts = plans.flatMap((plan) => {
      const start = startOf(plan);
      return start ? [{ plan, start }] : [];
    });
    const outcomes = new Map<Plan, Outcome>();
    if (starts.length === 0) return outcomes;
    try {
      const all = await this.attempt(
        manager,
        starts.map(({ start }) => start),
      );
      for (const { plan, start } of starts) outcomes.set(plan, outcomeIn(all, start));
    } catch (error) {
      rethrowOutage(error);
      for (const { plan, start } of starts) outcomes.set(plan, await this.startAlone(manager, start));
    }
    return outcomes;
  }

  private async startAlone(manager: EntityManager, start: OccurrenceStart): Promise<Outcome> {
    try {
      return outcomeIn(await this.attempt(manager, [start]), start);
    } catch (error) {
      rethrowOutage(error);
      if (isContention(error)) return { kind: 'held' };
      if (error instanceof DomainError) return { kind: 'refused', error: error.message };
      this.logger.error(`Schedule ${start.schedule}: ${messageOf(error)}`);
      return {
        kind: 'refused',
        error: `Its ${start.kind} could not be started; the log of the worker says what went wrong`,
      };
    }
  }

  /** In a savepoint: what fails leaves nothing behind, and the transaction goes on. */
  private attempt(
    manager: EntityManager,
    starts: readonly OccurrenceStart[],
  ): Promise<ReadonlyMap<string, Started>> {
    return manager.transaction((inner) => this.targets.start(starts, inner));
  }

  private tell({ schedule, warning, occurrence }: Plan, outcome: Outcome | undefined): void {
    if (warning !== null) this.logger.warn(`Schedule ${schedule.name}: ${warning}`);
    if (outcome?.kind !== 'refused') return;
    const at = occurrence?.toISOString() ?? '';
    this.logger.warn(`Schedule ${schedule.name}: no ${schedule.targetKind} for ${at}: ${outcome.error}`);
  }
}

function startOf({ schedule, occurrence }: Plan): OccurrenceStart | undefined {
  if (!occurrence) return undefined;
  const { id, name, targetKind: kind, target, now } = schedule;
  return { schedule: name, kind, body: target, id: occurrenceId(id, occurrence, now) };
}

function outcomeIn(all: ReadonlyMap<string, Started>, { id, kind }: OccurrenceStart): Outcome {
  const started = all.get(id);
  if (!started) throw new Error(`Nothing starts a ${kind}`);
  return { kind: 'started', started };
}

/** A database that is away, rather than something that cannot be started. */
function rethrowOutage(error: unknown): void {
  if (error instanceof DomainError && OUTAGES.has(error.code) && !isContention(error.cause)) throw error;
  if (!(error instanceof DomainError) && isPassing(error) && !isContention(error)) throw error;
}

/** As the statement reads it. */
function recordOf(plan: Plan, outcome: Outcome | undefined) {
  const { schedule, occurrence, madeUp, next, due, error } = plan;
  const { id, nextRunAt, now } = schedule;
  const nothing = { id, occurrence: null, job_id: null, workflow_id: null, error: null, made_up: false };
  if (outcome?.kind === 'held')
    return { ...nothing, next: nextRunAt, due: new Date(now.getTime() + TRY_AGAIN_MS) };
  const refusal = outcome?.kind === 'refused' ? outcome.error : error;
  const started = outcome?.kind === 'started' ? outcome.started : undefined;
  const job_id = started?.kind === 'job' ? started.id : null;
  const workflow_id = started?.kind === 'workflow' ? started.id : null;
  const told = refusal === null ? null : cutToBytes(storableText(refusal), LONGEST_ERROR);
  return { id, occurrence, job_id, workflow_id, error: told, made_up: madeUp, next, due };
}
