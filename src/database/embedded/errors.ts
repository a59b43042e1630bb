/** PostgreSQL cannot be run here; the message is one sentence that says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  /** EX_CONFIG of sysexits.h: starting again without a change would end the same way. */
  readonly exitCode = 78;
}

/** PostgreSQL ended before it was ready; what it wrote about that. */
export class ServerEndedError extends Error {
  override readonly name = 'ServerEndedError';
  readonly output: string;

  constructor(output: string) {
    super('PostgreSQL ended before it was ready');
    this.output = output;
  }
}

const OTHER_DATABASE = 'or set DATABASE_URL to a PostgreSQL of your own';

/** What PostgreSQL or initdb writes, and what a person can do about it. */
const KNOWN_FAILURES: readonly (readonly [RegExp, string])[] = [
  [
    /error while loading shared libraries|Library not loaded|symbol lookup error/,
    `The bundled PostgreSQL lacks a shared library: run "npm rebuild" if npm was told to skip install scripts, install the library named in {log}, ${OTHER_DATABASE}.`,
  ],
  [
    /: not found|No such file or directory.*postgres|cannot execute|Exec format error/,
    `The bundled PostgreSQL does not run on this system (it needs glibc): set DATABASE_URL to a PostgreSQL of your own.`,
  ],
  [
    /could not bind|Address already in use/,
    'Another program took the port of PostgreSQL in the meantime: stop that program.',
  ],
  [/No space left on device/, 'The disk is full: free some space where {folder} lies and start again.'],
  [
    /could not map anonymous shared memory|Cannot allocate memory/,
    `There is too little memory for PostgreSQL: free about 300 MB, ${OTHER_DATABASE}.`,
  ],
  [
    /wrong ownership|invalid permissions|Permission denied/,
    `PostgreSQL may not use {folder}: give the folder to the user who starts Roundhouse, or choose another ROUNDHOUSE_HOME.`,
  ],
  [
    /lock file "postmaster\.pid" is empty/,
    'A start of PostgreSQL was cut short when the machine went down: remove the empty file {folder}/data/postmaster.pid and start again.',
  ],
  [
    /could not locate a valid checkpoint record|invalid data in file|PANIC/,
    'The database in {folder} is damaged: keep a copy of the folder, see {log}, and restore a backup or move the folder away to start with an empty database.',
  ],
];

/** Turns what a PostgreSQL program wrote into an error that says what to do. */
export function explainFailure(
  output: string,
  where: { folder: string; log: string },
): EmbeddedPostgresError {
  const known = KNOWN_FAILURES.find(([pattern]) => pattern.test(output));
  const sentence =
    known?.[1] ?? `PostgreSQL did not start${lastComplaint(output)}: see {log}, ${OTHER_DATABASE}.`;
  return new EmbeddedPostgresError(sentence.replace('{folder}', where.folder).replace('{log}', where.log));
}

function lastComplaint(output: string): string {
  const complaint = output.match(/(?:FATAL|PANIC|error):\s+(.+)/g)?.at(-1);
  return complaint ? ` (${complaint.replace(/^\w+:\s+/, '')})` : '';
}
