/** The database cannot be used at all; the message is one sentence that says what to do. */
class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
  readonly exitCode = 1;
}

/** What the codes of a failed connection mean for the person who configured it. */
const SENTENCES: Readonly<Record<string, string>> = {
  '28P01': 'The database refused the password: correct DATABASE_URL.',
  '28000': 'The database refused the user: correct DATABASE_URL, or allow the user in pg_hba.conf.',
  '3D000': 'The database does not exist: create it (createdb NAME), or correct DATABASE_URL.',
  '53300': 'The database accepts no more connections: raise max_connections, or stop something.',
};

/**
 * Rethrows the failure of a first connection as one sentence; what it cannot explain stays as it is.
 * @throws DatabaseUnreachableError
 */
export function explainUnreachable(error: unknown): never {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (!(cause instanceof Error) || !('code' in cause)) throw error;
  const { code, message } = cause as Error & { code: string };
  const isSqlState = /^[0-9A-Z]{5}$/.test(code);
  const sentence = SENTENCES[code] ?? (isSqlState ? undefined : unreachable(message));
  if (!sentence) throw error;
  throw new DatabaseUnreachableError(sentence, { cause: error });
}

/** A socket's message names the host and the port, and never the password. */
function unreachable(message: string): string {
  return `The database cannot be reached (${message}): start it, or correct DATABASE_URL.`;
}
