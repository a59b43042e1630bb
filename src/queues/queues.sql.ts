import { IS_PAUSED } from '../queue/index.js';
import { workerState } from '../worker/index.js';

/** Queue $2, or all by name when that is null: settings, pause, and the workers that claim from it ($1: seconds of silence that make one lost). */
export const SELECT_QUEUES = `
  SELECT q.name, q.dead_letter_queue AS "deadLetterQueue", q.retention, q.limits,
         q.max_waiting AS "maxWaiting", q.objective, ${IS_PAUSED} AS "isPaused",
         q.paused_at AS "pausedAt", q.paused_by AS "pausedBy", q.pause_reason AS "pauseReason",
         q.paused_until AS "pausedUntil",
         (SELECT count(*)::int FROM workers w
          WHERE ${workerState('$1')} = 'running'
            AND (q.name = ANY(w.queues) OR '*' = ANY(w.queues))) AS "liveWorkers"
  FROM queues q
  WHERE $2::text IS NULL OR q.name = $2
  ORDER BY q.name`;

export const SELECT_QUEUE_NAMES = `SELECT name FROM queues`;

/** The settings of queue $1, locked. */
export const LOCK_SETTINGS = `
  SELECT dead_letter_queue AS "deadLetterQueue", retention, limits, max_waiting AS "maxWaiting", objective
  FROM queues WHERE name = $1 FOR UPDATE`;

export const UPDATE_SETTINGS = `
  UPDATE queues SET dead_letter_queue = $2, retention = $3, max_waiting = $4, objective = $5, updated_at = now()
  WHERE name = $1`;
