import { Injectable } from '@nestjs/common';
import { isUuid } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import type { Workflow, WorkflowStatus } from './workflow.js';
import { SELECT_WORKFLOW, SELECT_WORKFLOWS } from './reading.sql.js';

/** Which workflows are meant. */
export interface WorkflowFilter {
  readonly name?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: WorkflowStatus | undefined;
}

/** Reads workflows. */
@Injectable()
export class WorkflowsQuery {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined when there is none of this id. */
  async find(id: string): Promise<Workflow | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.postgres.query<Workflow>(SELECT_WORKFLOW, [id])).rows[0];
  }

  /** The newest first, from before a workflow on. */
  async list(
    { name, tag, status }: WorkflowFilter,
    before: string | null,
    limit: number,
  ): Promise<Workflow[]> {
    const { rows } = await this.postgres.query<Workflow>(SELECT_WORKFLOWS(status), [
      before,
      limit,
      name ?? null,
      tag ?? null,
    ]);
    return rows;
  }
}
