/** What is put on record, by what it is done to. */
const ACTIONS = {
  job: ['cancel', 'retry', 'run_now', 'edit', 'discard'],
  jobs: ['mend', 'delete_old'],
  bulk_operation: ['start', 'abort', 'complete'],
  workflow: ['cancel', 'retry'],
  queue: ['edit', 'pause', 'resume'],
  schedule: ['create', 'edit', 'delete', 'pause', 'resume', 'run'],
  webhook: ['create', 'edit', 'delete', 'enable', 'disable', 'rotate_secret', 'test', 'resend'],
  key: ['create', 'rotate', 'revoke'],
  job_type: ['declare', 'remove'],
  error_group: ['resolve', 'ignore', 'reopen'],
  worker: ['drain'],
  audit_log: ['forget'],
} as const;

export type SubjectType = keyof typeof ACTIONS;

/** Such as `queue.pause`. */
export type ActionName = { [Type in SubjectType]: `${Type}.${(typeof ACTIONS)[Type][number]}` }[SubjectType];

export const SUBJECT_TYPES = Object.keys(ACTIONS) as SubjectType[];

export const ACTION_NAMES = Object.entries(ACTIONS).flatMap(([type, verbs]) =>
  verbs.map((verb) => `${type}.${verb}` as ActionName),
);

export function subjectTypeOf(action: ActionName): SubjectType {
  return action.slice(0, action.indexOf('.')) as SubjectType;
}
