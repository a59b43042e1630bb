/** Ends a job FAILED at once, whatever is left of its budget. */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
}
