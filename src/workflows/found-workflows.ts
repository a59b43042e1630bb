import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import { type Workflow, WorkflowsQuery } from '../queue/index.js';

/** Workflows that somebody has named. */
@Injectable()
export class FoundWorkflows {
  constructor(private readonly workflows: WorkflowsQuery) {}

  /** @throws DomainError workflow_not_found, also when the id cannot be one */
  async get(id: string): Promise<Workflow> {
    const workflow = await this.workflows.find(id);
    if (workflow) return workflow;
    throw new DomainError('workflow_not_found', `There is no workflow "${id}": GET /workflows lists them`);
  }
}
