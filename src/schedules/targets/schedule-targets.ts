import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, invalid } from '../../common/index.js';
import { JobTypes } from '../../queue/index.js';
import { JobTarget } from './job-target.js';
import type {
  OccurrenceStart,
  ScheduleTarget,
  Start,
  StartedByHand,
  Target,
  TargetKind,
} from './schedule-target.js';
import { WorkflowTarget } from './workflow-target.js';

const KINDS: readonly TargetKind[] = ['job', 'workflow'];

/** Of a request, what is to be started. */
export type TargetRequest = Readonly<Partial<Record<TargetKind, object | undefined>>>;

/** What came of an occurrence. */
export interface Started {
  readonly kind: TargetKind;
  readonly id: string;
}

/** All that schedules can start. */
@Injectable()
export class ScheduleTargets {
  private readonly targets: Readonly<Record<TargetKind, ScheduleTarget>>;

  constructor(
    job: JobTarget,
    workflow: WorkflowTarget,
    private readonly types: JobTypes,
  ) {
    this.targets = { job, workflow };
  }

  /**
   * Checks what is to be started; undefined when nothing is named.
   * @throws DomainError as a submission of the same would, its faults at `/job` or `/workflow`; validation_failed when
   * both are there
   */
  async check(request: TargetRequest): Promise<Target | undefined> {
    const [kind, another] = KINDS.filter((each) => request[each] !== undefined);
    const body = kind && request[kind];
    if (!kind || !body) return undefined;
    if (another) {
      const detail = `A schedule starts one thing: send ${kind} or ${another}, not both`;
      throw invalid('validation_failed', [{ pointer: `/${another}`, detail, code: 'contradiction' }]);
    }
    try {
      return this.withOwnTypes(await this.targets[kind].check(body));
    } catch (error) {
      throw asFaultAt(`/${kind}`, error);
    }
  }

  /** Starts each, or none; exactly when the transaction commits. @throws DomainError as a submission would */
  async start(starts: readonly OccurrenceStart[], manager: EntityManager): Promise<Map<string, Started>> {
    const started = new Map<string, Started>();
    for (const kind of KINDS) {
      const own = starts.filter((start) => start.kind === kind);
      if (own.length === 0) continue;
      const ids = await this.targets[kind].start(own, manager);
      own.forEach((start, index) => started.set(start.id, { kind, id: ids[index] ?? start.id }));
    }
    return started;
  }

  /** Starts one now, by hand, exactly when the transaction commits. @throws DomainError as a submission would */
  startByHand(
    { kind, ...start }: Start & { readonly kind: TargetKind },
    idempotencyKey: string | undefined,
    manager: EntityManager,
  ): Promise<StartedByHand> {
    return this.targets[kind].startByHand(start, idempotencyKey, manager);
  }

  /** The job types that this process knows. */
  knownTypes(): string[] {
    return this.types.all().map(({ type }) => type);
  }

  /** Every build can enqueue what was declared over HTTP: only types with code are left to those who have it. */
  private withOwnTypes({ jobType, jobTypes, ...target }: Target): Target {
    const hasCode = (type: string) => this.types.find(type) !== undefined;
    return {
      ...target,
      jobType: jobType !== null && hasCode(jobType) ? jobType : null,
      jobTypes: jobTypes?.filter(hasCode) ?? null,
    };
  }
}

/** @throws DomainError validation_failed: a schedule that starts nothing */
export function refuseNothing(): never {
  const detail = 'Say what it starts: give job, or workflow';
  throw invalid('validation_failed', [{ pointer: '/job', detail, code: 'is_object' }]);
}

/** The same fault, told where its thing stands in the request. */
function asFaultAt(at: string, error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const faults = error.options.faults?.map((fault) => ({ ...fault, pointer: `${at}${fault.pointer}` }));
  return new DomainError(error.code, error.message, { ...error.options, ...(faults ? { faults } : {}) });
}
