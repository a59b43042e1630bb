import { workerState } from '../../worker/index.js';

/** A live worker of our own that has a handler for the type $2 ($1: seconds of silence that make one lost). */
export const SELECT_HANDLING_WORKER = `
  SELECT w.hostname FROM workers w
  WHERE NOT w.is_external AND $2 = ANY(w.types) AND ${workerState('$1')} IN ('running', 'draining')
  LIMIT 1`;
