import { LINE } from '../line/ticket.sql.js';
import { IS_PAUSED } from './queues.sql.js';

/** Puts the ticket of canary $1 in queue $2 before all others, and makes it due: in its transaction time stands still. */
export const GO_FIRST = `
  UPDATE ${LINE} SET start_after = now(), priority = 1000 WHERE name = $2 AND id = $1`;

/** Whether queue $1 is paused. */
export const SELECT_PAUSED = `SELECT ${IS_PAUSED} AS "isPaused" FROM queues q WHERE q.name = $1`;
