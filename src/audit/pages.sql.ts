/** Pages of keys, each after the last one of the page before; the last parameter is how many. */

export const PAGE_OF_JOBS = `SELECT id FROM jobs WHERE id > $1::uuid ORDER BY id LIMIT $2`;

export const PAGE_OF_HISTORIES = `
  SELECT DISTINCT job_id AS id FROM job_events WHERE job_id > $1::uuid ORDER BY job_id LIMIT $2`;

export const PAGE_OF_TICKETS = `
  SELECT name, id FROM pgboss.job
  WHERE (name, id) > ($1::text, $2::uuid) AND name NOT LIKE '\\_\\_%'
  ORDER BY name, id LIMIT $3`;

export const PAGE_OF_LOCKS = `SELECT lock_hash FROM job_locks WHERE lock_hash > $1::bigint ORDER BY lock_hash LIMIT $2`;

export const PAGE_OF_KEYS = `
  SELECT kind, key, owner FROM job_keys
  WHERE (kind, key, owner) > ($1::text, $2::text, $3::text)
  ORDER BY kind, key, owner LIMIT $4`;

export const PAGE_OF_WORKFLOWS = `SELECT id FROM workflows WHERE id > $1 ORDER BY id LIMIT $2`;

export const PAGE_OF_DEPENDENCIES = `
  SELECT parent_id, child_id FROM job_dependencies
  WHERE (parent_id, child_id) > ($1::uuid, $2::uuid)
  ORDER BY parent_id, child_id LIMIT $3`;
