/**
 * SQLSTATE classes after which the same statement may succeed: connection, refused login, rollback, resources,
 * limits, operator, system. A login that is refused in the life of a process is a matter of time: a password that is
 * being changed, a database that is being restored.
 */
const PASSING_CLASSES = new Set(['08', '28', '40', '53', '55', '57', '58']);

/** A database that is not there (yet, or while it is restored), and of class 25: a standby, and sessions that waited too long. */
const PASSING_STATES = new Set(['3D000', '25006', '25P03', '25P04']);

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
  'EPROTO',
  'ETIMEDOUT',
]);

/** What TLS says of a server whose certificate has run out or does not fit: nothing was sent to it. */
const TLS_CODES =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;

/** What pg says, without a code, when a connection is lost or a wait is over; and TypeORM, the moment after. */
const LOST =
  /connection terminated|timeout exceeded when trying to connect|timeout expired|query read timeout|connection error|connection ended|not queryable|closed the connection|query runner already released/i;

/** The server answered the commit with: I do not know what became of it. */
const COMPLETION_UNKNOWN = '40003';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether this, or what caused it, is one of those. */
export function reaches(error: unknown, isOne: (error: unknown) => boolean): boolean {
  if (error instanceof AggregateError) return error.errors.some((each) => reaches(each, isOne));
  if (isOne(error)) return true;
  return error instanceof Error && error.cause !== undefined && reaches(error.cause, isOne);
}

function hasCode(...codes: string[]): (error: unknown) => boolean {
  return (error) => codes.includes(codeOf(error));
}

/** Whether the server cannot be reached or did not answer: the fate of the statement is unknown. */
export function isConnectionLoss(error: unknown): boolean {
  return reaches(error, (each) => {
    const code = codeOf(each);
    if (SOCKET_CODES.has(code) || TLS_CODES.test(code) || code === COMPLETION_UNKNOWN) return true;
    if (code.startsWith('08') || code.startsWith('57P')) return true;
    return each instanceof Error && LOST.test(each.message);
  });
}

/** Whether it is PostgreSQL's answer, or one of our own functions', with this SQLSTATE. */
export function hasSqlState(error: unknown, code: string): boolean {
  return reaches(error, (each) => codeOf(each) === code);
}

/** Whether trying again later makes sense: lost connections, timeouts, deadlocks, a full disk, and their like. */
export function isPassing(error: unknown): boolean {
  if (isConnectionLoss(error)) return true;
  return reaches(error, (each) => {
    const code = codeOf(each);
    return /^[0-9A-Z]{5}$/.test(code) && (PASSING_CLASSES.has(code.slice(0, 2)) || PASSING_STATES.has(code));
  });
}

/** Whether the server answered and let us not in: who has just configured it wants to hear of that at once. */
export function isRefusedLogin(error: unknown): boolean {
  return reaches(error, (each) => codeOf(each).startsWith('28') || codeOf(each) === '3D000');
}

/** Whether the server gave up a statement that took longer than it was given. */
export function isQueryCanceled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** Whether there is no room left for what was to be stored. */
export function isStorageFull(error: unknown): boolean {
  return reaches(error, hasCode('53100'));
}

/** Whether all connections are taken: those that the server allows, or ours. */
export function isCrowded(error: unknown): boolean {
  return reaches(
    error,
    (each) =>
      codeOf(each) === '53300' ||
      (each instanceof Error && each.message.includes('timeout exceeded when trying to connect')),
  );
}

/** Whether the server is a standby, which takes no writes. */
export function isReadOnly(error: unknown): boolean {
  return reaches(error, hasCode('25006'));
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
