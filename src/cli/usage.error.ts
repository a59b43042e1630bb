/** The command was called in a way it does not know; the message says which way it does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** As shells and most commands have it. */
  readonly exitCode = 2;
}
