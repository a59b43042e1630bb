/** The rows or the question are at fault: another attempt would meet the same, so the job fails at once. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
