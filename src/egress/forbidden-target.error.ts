/** A request may not go where it was to go. Trying again changes nothing: name it in a policy's `failOn`. */
export class ForbiddenTargetError extends Error {
  override readonly name = 'ForbiddenTargetError';

  /**
   * @param fault what is wrong, as the rest of a sentence
   * @param subject of what: its beginning; without credentials and query
   */
  constructor(fault: string, subject = 'The URL') {
    super(`${subject} ${fault}`);
  }
}
