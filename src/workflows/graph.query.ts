import { Injectable } from '@nestjs/common';
import { Postgres } from '../database/index.js';
import type { Job, OnFailure } from '../queue/index.js';
import { SELECT_EDGES, SELECT_NODES } from './graph.sql.js';
import type { GraphResponse, NodeResponse } from './workflow.response.js';

/** The jobs of a workflow have no larger graph: groups have none. */
const MOST_NODES = 1_000;

/** A job of a workflow, as far as its graph shows it. */
type Node = Pick<Job, 'id' | 'type' | 'status' | 'startedAt' | 'finishedAt'> & { readonly ref: string };

interface StoredEdge {
  readonly from: string;
  readonly to: string;
  readonly onFailure: OnFailure;
}

/** Reads the jobs of workflows and who waits for whom. */
@Injectable()
export class GraphQuery {
  constructor(private readonly postgres: Postgres) {}

  async of(workflowId: string): Promise<GraphResponse> {
    const nodes = await this.nodes(workflowId, null, MOST_NODES);
    const { rows } = await this.postgres.query<StoredEdge>(SELECT_EDGES, [workflowId]);
    return { nodes, edges: rows.map(({ from, to, onFailure }) => ({ from, to, on_failure: onFailure })) };
  }

  /** The oldest first, from after a job on. */
  async nodes(workflowId: string, after: string | null, limit: number): Promise<NodeResponse[]> {
    const { rows } = await this.postgres.query<Node>(SELECT_NODES, [workflowId, after, limit]);
    return rows.map(({ id, ref, type, status, startedAt, finishedAt }) => ({
      ref,
      job_id: id,
      type,
      status,
      started_at: startedAt?.toISOString() ?? null,
      finished_at: finishedAt?.toISOString() ?? null,
    }));
  }
}
