/**
 * The advisory locks that let one process at a time do something. Any numbers would do, as long as all processes use
 * the same; each is held to the end of a transaction, as a lock of the session would stay behind in a pooler.
 */
export const ADVISORY_LOCKS = {
  migration: 7_046_029_254,
  mending: 7_046_029_255,
  retention: 7_046_029_256,
  counting: 7_046_029_257,
  promotion: 7_046_029_258,
} as const;

/** Takes the lock $1 until the transaction ends, unless another one has it. */
export const TRY_ADVISORY_LOCK = 'SELECT pg_try_advisory_xact_lock($1) AS "isOurs"';
