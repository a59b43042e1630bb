import { createHash } from 'node:crypto';
import { canonicalJson } from '../../common/index.js';
import type { JsonObject } from '../job.entity.js';

/** What two jobs may be compared by. */
export const UNIQUE_FIELDS = ['type', 'queue', 'payload'] as const;

export type UniqueField = (typeof UNIQUE_FIELDS)[number];

/** The key that all jobs equal in these fields share. */
export function uniqueKeyOf(
  fields: readonly UniqueField[],
  job: { readonly type: string; readonly queue: string; readonly payload: JsonObject },
): string {
  const values = UNIQUE_FIELDS.filter((field) => fields.includes(field)).map((field) => [field, job[field]]);
  return `sha256:${createHash('sha256').update(canonicalJson(values)).digest('hex')}`;
}
