import type { ProblemCode } from '../common/index.js';

const id = { type: 'string', format: 'uuid', maxLength: 36 } as const;
const text = { type: 'string', maxLength: 200 } as const;

const MEMBERS = {
  job_id: { ...id, description: 'The job it is about.' },
  existing_job_id: { ...id, description: 'The job that is there already.' },
  job_status: { type: ['string', 'null'], maxLength: 200, description: 'The status of that job.' },
  workflow_id: { ...id, description: 'The workflow it is about.' },
  workflow_status: { ...text, description: 'The status of that workflow.' },
  operation_id: { ...id, description: 'The bulk operation it is about.' },
  state: { ...text, description: 'What state it is in.' },
  attempt: { type: 'integer', minimum: 1, description: 'The attempt that the lease was for.' },
  outcome: {
    type: ['string', 'null'],
    maxLength: 200,
    description: 'How that attempt has ended; null = not yet.',
  },
  queue: { ...text, description: 'The queue it is about.' },
  max_waiting: { type: 'integer', minimum: 0, description: 'How many jobs may wait in that queue.' },
} as const;

/** What problems say besides, for programs. */
const MEMBERS_BY_CODE: Readonly<Partial<Record<ProblemCode, readonly (keyof typeof MEMBERS)[]>>> = {
  job_state_conflict: ['job_id', 'job_status'],
  job_already_exists: ['existing_job_id', 'job_id', 'job_status'],
  dependency_failed: ['job_id', 'job_status'],
  idempotency_key_reused: ['job_id', 'workflow_id'],
  workflow_state_conflict: ['workflow_id', 'workflow_status'],
  bulk_operation_finished: ['operation_id', 'state'],
  key_state_conflict: ['state'],
  worker_state_conflict: ['state'],
  lease_lost: ['job_id', 'job_status', 'attempt', 'outcome'],
  queue_full: ['queue', 'max_waiting'],
};

/** The schemas of the members that problems of these codes have beside those that all have. */
export function problemMembers(codes: readonly ProblemCode[]): Record<string, object> {
  const names = codes.flatMap((code) => MEMBERS_BY_CODE[code] ?? []);
  return Object.fromEntries(names.map((name) => [name, MEMBERS[name]]));
}
