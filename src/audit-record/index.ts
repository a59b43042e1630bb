export { ACTION_NAMES, type ActionName, SUBJECT_TYPES, type SubjectType } from './actions.js';
export { AuditRetention } from './audit-retention.js';
export { type Action, type Facts, changesBetween, queryOnRecord, recordAction } from './record-action.js';
