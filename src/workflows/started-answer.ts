import type { FastifyReply } from 'fastify';
import type { StartedWorkflow } from '../queue/index.js';
import { type StartedWorkflowResponse, toStartedWorkflowResponse } from './workflow.response.js';

/** The answer to whoever asked for a workflow; 200 when the same request had made it before. */
export function answerStarted(reply: FastifyReply, started: StartedWorkflow): StartedWorkflowResponse {
  void reply.header('Location', `/workflows/${started.id}`);
  if (!started.created) void reply.status(200).header('Idempotent-Replayed', 'true');
  return toStartedWorkflowResponse(started);
}
