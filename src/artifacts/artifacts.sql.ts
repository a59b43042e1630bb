/** Locks job $1 while attempt $2 holds it; no row when it does not. Two writes of one job then count one another. */
export const LOCK_CLAIM = `
  SELECT 1 FROM jobs WHERE id = $1 AND attempts = $2 AND status = 'PROCESSING' FOR NO KEY UPDATE`;

/** How many other artifacts job $1 has beside the one called $2, and the file of that one. */
export const SELECT_OTHERS = `
  SELECT count(*) FILTER (WHERE name <> $2)::integer AS others, max(file) FILTER (WHERE name = $2) AS replaced
  FROM artifacts WHERE job_id = $1`;

export const UPSERT_ARTIFACT = `
  INSERT INTO artifacts (job_id, name, content_type, bytes, sha256, content, file)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (job_id, name) DO UPDATE
  SET content_type = excluded.content_type, bytes = excluded.bytes, sha256 = excluded.sha256,
      content = excluded.content, file = excluded.file, created_at = now()
  RETURNING created_at AS "createdAt"`;

/** The files of jobs ($1) that are on record. */
export const SELECT_FILES = `
  SELECT job_id AS "jobId", file FROM artifacts WHERE job_id = ANY($1) AND file IS NOT NULL`;

/** The name of the folder that is this database's own. */
export const SELECT_FOLDER = 'SELECT name FROM artifact_folder LIMIT 1';
