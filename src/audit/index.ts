export { AuditModule } from './audit.module.js';
export { type AuditResult, type AuditScope, auditAll } from './audit.js';
export type { Finding } from './findings.js';
export { OneConnection } from './one-connection.js';
export { type Standing, StandingAudit } from './standing-audit.js';
