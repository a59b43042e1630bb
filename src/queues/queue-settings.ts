import { createHash } from 'node:crypto';
import type { Queue } from './queues.query.js';

/** What may be edited of a queue. */
export type QueueSettings = Pick<Queue, 'deadLetterQueue' | 'retention'>;

/** Names a version of the settings: the same settings, the same ETag. */
export function etagOf({ deadLetterQueue, retention }: QueueSettings): string {
  const hash = createHash('sha256').update(JSON.stringify({ deadLetterQueue, retention }));
  return `"${hash.digest('base64url').slice(0, 16)}"`;
}
