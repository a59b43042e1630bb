import { createHash } from 'node:crypto';
import type { JobError } from './job-error.js';

/** Equal for errors of the same cause. */
export function fingerprintOf({ name, message }: JobError): string {
  return createHash('sha256')
    .update(JSON.stringify([name, message]))
    .digest('hex')
    .slice(0, 16);
}
