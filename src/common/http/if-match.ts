import { DomainError } from '../errors.js';

/**
 * Lets an edit pass only over the version that its caller has read.
 * @param ifMatch the header `If-Match`: ETags, or `*` for whatever there is
 * @throws DomainError precondition_required without the header, precondition_failed over another version
 */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) {
    throw new DomainError(
      'precondition_required',
      'Send the ETag that you have read in the header If-Match, or "*" to overwrite whatever there is',
    );
  }
  const accepted = ifMatch.split(',').map((tag) => tag.trim());
  if (accepted.includes('*') || accepted.includes(etag)) return;
  throw new DomainError(
    'precondition_failed',
    'It has changed since you read it: read it again, and repeat the change with the new ETag',
  );
}
