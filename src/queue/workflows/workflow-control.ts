import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import { JobControl } from '../control/job-control.js';
import type { Managed } from '../control/managed.js';
import { workflowWitness } from '../control/witnesses.js';
import { Retrier } from '../control/retrier.js';
import type { JobStatus } from '../job-status.js';
import { isFinal, hasEndedBadly } from '../job-status.js';
import type { StartedJob } from './new-workflow.js';
import { SELECT_MEMBERS } from './workflows.sql.js';

/** Intervenes in the life of whole workflows, each time in one transaction. */
@Injectable()
export class WorkflowControl {
  constructor(
    private readonly postgres: Postgres,
    private readonly control: JobControl,
    private readonly retrier: Retrier,
  ) {}

  /** Cancels all that has not ended: at once what waits, through its worker what runs. */
  async cancel(workflowId: string, actor: string): Promise<Managed[]> {
    const ids = await this.membersThat(workflowId, (status) => !isFinal(status));
    return ids.length === 0
      ? []
      : this.control.cancel(ids, actor, workflowWitness('workflow.cancel', workflowId));
  }

  /** Lets all run once more that failed or was cancelled, whoever cancelled it. */
  async retry(workflowId: string, actor: string): Promise<Managed[]> {
    const ids = await this.membersThat(workflowId, hasEndedBadly);
    return ids.length === 0
      ? []
      : this.retrier.retry(ids, actor, workflowWitness('workflow.retry', workflowId));
  }

  private async membersThat(workflowId: string, test: (status: JobStatus) => boolean): Promise<string[]> {
    const { rows } = await this.postgres.query<StartedJob>(SELECT_MEMBERS, [workflowId]);
    return rows.filter(({ status }) => test(status)).map(({ id }) => id);
  }
}
