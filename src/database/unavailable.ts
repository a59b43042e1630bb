import { DomainError } from '../common/index.js';
import {
  isContention,
  isCrowded,
  isPassing,
  isQueryCanceled,
  isReadOnly,
  isStorageFull,
  reaches,
} from './failures.js';
import { CommitUnknownError } from './postgres.js';

const RETRY_AFTER_SECONDS = 2;

/** Somebody has to free space first. */
const RETRY_WHEN_FREED_SECONDS = 30;

/** What callers are told of each kind of failure that passes, the first that fits. */
const SENTENCES: readonly (readonly [(error: unknown) => boolean, string])[] = [
  [
    isCommitUnknown,
    'The connection to the database was lost at the commit, so it is unknown whether this took effect: send it again, a submission with the same Idempotency-Key',
  ],
  [isCrowded, 'All connections to the database are taken: try again shortly'],
  [isReadOnly, 'The database is a standby and takes no writes: try again when it has taken over'],
  [isContentionWithin, 'Another transaction holds what this needs: try again shortly'],
  [isQueryCanceled, 'The database took too long and gave up: try again shortly'],
];

const AWAY = 'The database cannot answer right now: try again shortly';

/**
 * What a caller is told of a failure after which asking again helps; undefined when it is of another kind.
 * @param words takes the place of our sentence, where there is more to say
 */
export function asUnavailable(error: unknown, words?: string): DomainError | undefined {
  if (isStorageFull(error)) {
    return new DomainError(
      'storage_full',
      'The database has no space left, so nothing was stored: try again when some was freed',
      { retryAfterSeconds: RETRY_WHEN_FREED_SECONDS, cause: error },
    );
  }
  if (!isPassing(error)) return undefined;
  const sentence = words ?? SENTENCES.find(([fits]) => fits(error))?.[1] ?? AWAY;
  return new DomainError('database_unavailable', sentence, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: error,
  });
}

/** Whether the connection was lost at a commit, so that nobody knows what became of it. */
function isCommitUnknown(error: unknown): boolean {
  return reaches(error, (each) => each instanceof CommitUnknownError);
}

function isContentionWithin(error: unknown): boolean {
  return reaches(error, isContention);
}
