import type { WorkflowStatus } from './workflow.js';

/** What a workflow has come to, told by its counters; each is the condition of an index, but COMPLETED, which most are. */
const CONDITIONS: Readonly<Record<WorkflowStatus, string>> = {
  RUNNING: 'w.finished_at IS NULL',
  FAILED: 'w.finished_at IS NOT NULL AND w.failed > 0',
  CANCELLED: 'w.finished_at IS NOT NULL AND w.failed = 0 AND w.cancelled > 0',
  COMPLETED: 'w.finished_at IS NOT NULL AND w.failed = 0 AND w.cancelled = 0',
};

const STATUS = `
  CASE ${Object.entries(CONDITIONS)
    .map(([status, condition]) => `WHEN ${condition} THEN '${status}'`)
    .join(' ')} END`;

/** Ended jobs are told by the counters, since retention may have deleted them; the others are counted. */
const SELECT = (which: string) => `
  SELECT w.id, w.name, w.kind, w.tags, w.jobs, ${STATUS} AS status, w.on_finished ->> 'type' AS "finisherType",
         w.on_finished_job AS "finisherJob", w.created_at AS "createdAt", w.finished_at AS "finishedAt",
         json_build_object(
           'blocked', coalesce(o.blocked, 0), 'pending', coalesce(o.pending, 0),
           'processing', coalesce(o.processing, 0), 'completed', w.jobs - w.open - w.failed - w.cancelled,
           'failed', w.failed, 'cancelled', w.cancelled) AS counts
  FROM (${which}) AS w
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE j.status = 'BLOCKED') AS blocked,
           count(*) FILTER (WHERE j.status = 'PENDING') AS pending,
           count(*) FILTER (WHERE j.status = 'PROCESSING') AS processing
    FROM jobs j
    WHERE j.workflow_id = w.id AND j.workflow_ref IS NOT NULL AND j.status IN ('BLOCKED', 'PENDING', 'PROCESSING')
  ) AS o ON w.finished_at IS NULL`;

/** The workflow $1. */
export const SELECT_WORKFLOW = SELECT('SELECT * FROM workflows w WHERE w.id = $1');

/** The newest first, from before $1 on, at most $2; of the name $3 and with the tag $4, unless these are null. */
export const SELECT_WORKFLOWS = (status?: WorkflowStatus) =>
  `${SELECT(`
    SELECT * FROM workflows w
    WHERE ($1::uuid IS NULL OR w.id < $1) AND ($3::text IS NULL OR w.name = $3)
      AND ($4::text IS NULL OR (w.tags <> '{}' AND w.tags @> ARRAY[$4::text]))
      AND ${status === undefined ? 'true' : CONDITIONS[status]}
    ORDER BY w.id DESC
    LIMIT $2`)}
  ORDER BY w.id DESC`;

/** The jobs that job $1 depends on, with what became of them: after job $2 (null = from the first on), at most $3. */
export const SELECT_PARENTS = `
  SELECT p.id, p.workflow_ref AS ref, p.type, p.status, p.result, p.error_message AS "errorMessage",
         coalesce(d.on_failure, 'cancel') AS "onFailure"
  FROM jobs j
  JOIN jobs p ON p.id = ANY(j.depends_on)
  LEFT JOIN job_dependencies d ON d.parent_id = p.id AND d.child_id = j.id
  WHERE j.id = $1 AND ($2::uuid IS NULL OR p.id > $2)
  ORDER BY p.id
  LIMIT $3`;

/** The job called $2 in the workflow of job $1. */
export const SELECT_BY_REF = `
  SELECT m.id, m.type, m.status, m.result FROM jobs j
  JOIN jobs m ON m.workflow_id = j.workflow_id AND m.workflow_ref = $2
  WHERE j.id = $1`;

/** The workflow of job $1. */
export const SELECT_WORKFLOW_OF = SELECT(
  'SELECT w.* FROM workflows w JOIN jobs j ON j.workflow_id = w.id WHERE j.id = $1',
);

/**
 * Workflows that have ended ($1), as they are told. In a statement of its own, after they have ended and what follows
 * them has been noted.
 */
export const SELECT_ENDED_WORKFLOWS = `
  SELECT w.id AS workflow_id, w.name, w.kind, w.tags, ${STATUS} AS status, w.jobs,
         json_build_object(
           'BLOCKED', 0, 'PENDING', 0, 'PROCESSING', 0, 'COMPLETED', w.jobs - w.failed - w.cancelled,
           'FAILED', w.failed, 'CANCELLED', w.cancelled) AS counts,
         100 AS progress,
         CASE WHEN w.on_finished IS NOT NULL
              THEN json_build_object('type', w.on_finished ->> 'type', 'job_id', w.on_finished_job) END AS on_finished,
         w.created_at, w.finished_at, w.callback_url AS "callbackUrl", w.ends,
         (SELECT j.trace_parent FROM jobs j WHERE j.workflow_id = w.id LIMIT 1) AS "traceParent"
  FROM workflows w
  WHERE w.id = ANY($1) AND w.finished_at IS NOT NULL
  ORDER BY w.id`;
