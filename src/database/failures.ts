/** SQLSTATE classes after which the same statement may succeed: connection, rollback, resources, limits, operator, system. */
const PASSING_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
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
  return error instanceof Error && LOST.test(error.message);
}

/** Whether trying again later makes sense: lost connections, timeouts, deadlocks, a full disk, and their like. */
export function isPassing(error: unknown): boolean {
  return isConnectionLoss(error) || PASSING_CLASSES.has(codeOf(error).slice(0, 2));
}
