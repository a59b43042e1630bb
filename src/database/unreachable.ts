import { messageOf } from '../common/index.js';
import { isRefusedLogin } from './failures.js';

/** The database cannot be used at all; the message is one sentence that says what to do. */
class DatabaseUnreachableError extends Error {
  override readonly name: string = 'DatabaseUnreachableError';
  readonly exitCode: number = 1;
}

/** The database is there and lets us not in. */
class LoginRefusedError extends DatabaseUnreachableError {
  override readonly name = 'LoginRefusedError';
  /** EX_CONFIG of sysexits.h: starting again without a change would end the same way. */
  override readonly exitCode = 78;
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
  refuseRejection(error);
  const sentence = sentenceFor(error);
  if (sentence === undefined) throw error;
  throw new DatabaseUnreachableError(sentence, { cause: error });
}

/** One sentence on why the database cannot be used right now. */
export function sayUnreachable(error: unknown): string {
  return sentenceFor(error) ?? messageOf(error).replace(/[.]?$/, '.');
}

function sentenceFor(error: unknown): string | undefined {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  const { code, message } = cause as Error & { code: string };
  const isSqlState = /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E');
  return SENTENCES[code] ?? (isSqlState ? undefined : unreachable(message));
}

/**
 * A database that answers and refuses us will do so until somebody changes a setting.
 * @throws LoginRefusedError when the error says that
 */
export function refuseRejection(error: unknown): void {
  if (!isRefusedLogin(error)) return;
  if (error instanceof LoginRefusedError) throw error;
  const { code, message } = error as Error & { code?: string };
  throw new LoginRefusedError(
    SENTENCES[code ?? ''] ?? `The database refused the connection (${message}): correct DATABASE_URL.`,
    { cause: error },
  );
}

/** A socket's message names the host and the port, and never the password. */
function unreachable(message: string): string {
  return `The database cannot be reached (${message}): start it, or correct DATABASE_URL.`;
}
