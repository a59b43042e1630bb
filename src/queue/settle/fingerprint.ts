import { createHash } from 'node:crypto';
import type { JobError } from '../job-error.js';
import { normalMessage } from './normal-message.js';
import { ownFrame } from './own-frame.js';

/** Enough for billions of kinds of errors without two that meet by chance. */
const LENGTH = 16;

/**
 * Equal for errors that have one cause, on any machine, in any build and at any time: 16 hexadecimal digits of a
 * SHA-256 over
 *
 * 1. the error's name,
 * 2. its message without what varies: numbers, UUIDs, hexadecimal and other ids, quoted texts, times, e-mail and
 *    network addresses, and of URLs the query and every part of the path with a digit in it. Numbers after words
 *    such as `status` or `exit code` stay,
 * 3. the function and file of the topmost line of the stack that is neither Node's, a package's nor the worker's;
 *    without such a line, as after a timeout, the job's type.
 */
export function fingerprintOf(error: JobError, type: string): string {
  const where = (error.stack === undefined ? undefined : ownFrame(error.stack)) ?? type;
  const cause = JSON.stringify([error.name, normalMessage(error.message), where]);
  return createHash('sha256').update(cause).digest('hex').slice(0, LENGTH);
}
