/** SQLSTATE classes after which the same statement may succeed: connection, rollback, resources, limits, operator, system. */
const PASSING_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);

/** Of class 25: a standby that is being promoted, and sessions that waited too long in a transaction. */
const PASSING_STATES = new Set(['25006', '25P03', '25P04']);

/** What the operating system says of a server, or of a machine, that cannot be reached right now. */
const SOCKET_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What pg says, without a code, when a connection is lost or a wait is over. */
const LOST =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|connection error|connection ended|not queryable|closed the connection/i;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether the server cannot be reached or did not answer: the fate of the statement is unknown. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  const code = codeOf(error);
  if (SOCKET_CODES.has(code) || code.startsWith('08') || code.startsWith('57P')) return true;
  return error instanceof Error && (LOST.test(error.message) || isConnectionLoss(error.cause));
}

/** Whether trying again later makes sense: lost connections, timeouts, deadlocks, a full disk, and their like. */
export function isPassing(error: unknown): boolean {
  if (isConnectionLoss(error)) return true;
  const code = codeOf(error);
  if (PASSING_CLASSES.has(code.slice(0, 2)) || PASSING_STATES.has(code)) return true;
  return error instanceof Error && error.cause !== undefined && isPassing(error.cause);
}

/** Whether the server gave up a statement that took longer than it was given. */
export function isQueryCanceled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** Deadlock and serialization failure: PostgreSQL chose this transaction to give way, and asks for it again. */
const CONFLICTS = new Set(['40P01', '40001']);

/** The lock is somebody else's, and the time to wait for it is over. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Whether PostgreSQL made the transaction give way to another, so that it may be run again. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(codeOf(error));
}

/** Whether other transactions were in the way, rather than the database itself unable. */
export function isContention(error: unknown): boolean {
  return codeOf(error) === LOCK_NOT_AVAILABLE || isConflict(error);
}
