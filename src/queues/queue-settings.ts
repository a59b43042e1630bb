import { createHash } from 'node:crypto';
import { canonicalJson } from '../common/index.js';
import type { Objective } from '../config/index.js';
import type { Limits } from '../queue/index.js';
import type { Queue } from './queues.query.js';

/** What may be edited of a queue. */
export type QueueSettings = Pick<Queue, 'deadLetterQueue' | 'retention' | 'maxWaiting'> & {
  readonly limits: Limits | null;
  /** Its own; null = that of all queues. */
  readonly objective: Objective | null;
};

/** Names a version of the settings: the same settings, the same ETag. */
export function etagOf({ deadLetterQueue, retention, limits, maxWaiting, objective }: QueueSettings): string {
  const settings = { deadLetterQueue, retention, limits, maxWaiting, objective };
  const hash = createHash('sha256').update(canonicalJson(settings));
  return `"${hash.digest('base64url').slice(0, 16)}"`;
}
