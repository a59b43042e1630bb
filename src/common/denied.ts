/** The insufficient_privilege of PostgreSQL. */
const DENIED = '42501';

/** What a person is told whom the database lets in, but not do what was asked for; undefined = it is another error. */
export function sayDenied(error: Error): string | undefined {
  if (!('code' in error) || error.code !== DENIED) return undefined;
  return `The database role in DATABASE_URL may not do this (${error.message}): use the one that is for it, see docs/database-roles.md.`;
}
