/** The settings that decide whether a commit survives a crash, as they are for this role in this database. */
export const SELECT_DURABILITY = `
  SELECT name, setting, source FROM pg_settings
  WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
  ORDER BY name`;

/** Tables of ours and of the engine's that a crash empties. */
export const SELECT_UNLOGGED = `
  SELECT c.oid::regclass::text AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'u'
    AND (n.nspname = 'pgboss' OR n.oid = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('jobs')))
  ORDER BY 1`;
