-- The cached jokes, as statements for the database of Roundhouse:
--
--   psql "$OLD_DATABASE_URL" -AtX -v ON_ERROR_STOP=1 -f examples/moving/jokes.sql | psql "$DATABASE_URL" -qX -v ON_ERROR_STOP=1
--
-- A joke that is there already stays as it is, so it may be run again.
SELECT format('INSERT INTO jokes (joke_id, value, category, url, icon_url, created_at, updated_at) '
              'VALUES (%L, %L, %L, %L, %L, %L, %L) ON CONFLICT (joke_id) DO NOTHING;',
              joke_id, value, category, url, icon_url, created_at, created_at)
FROM chuck_norris_jokes
ORDER BY created_at, joke_id;
