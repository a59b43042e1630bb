/** The jobs of workflow $1 after job $2 (null = from the first on), at most $3, the oldest first. */
export const SELECT_NODES = `
  SELECT j.id, j.workflow_ref AS ref, j.type, j.status, j.started_at AS "startedAt", j.finished_at AS "finishedAt"
  FROM jobs j
  WHERE j.workflow_id = $1 AND j.workflow_ref IS NOT NULL AND ($2::uuid IS NULL OR j.id > $2)
  ORDER BY j.id
  LIMIT $3`;

/** Who waits for whom in workflow $1; found from the jobs that go first, as the dependencies are sorted. */
export const SELECT_EDGES = `
  SELECT p.workflow_ref AS "from", c.workflow_ref AS "to", d.on_failure AS "onFailure"
  FROM jobs p
  JOIN job_dependencies d ON d.parent_id = p.id
  JOIN jobs c ON c.id = d.child_id AND c.workflow_id = p.workflow_id AND c.workflow_ref IS NOT NULL
  WHERE p.workflow_id = $1 AND p.workflow_ref IS NOT NULL
  ORDER BY p.id, c.id`;
