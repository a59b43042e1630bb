import { invalid } from '../common/index.js';

const KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * The key of a submission: from its body or from the header `Idempotency-Key`.
 * @throws DomainError validation_failed when the header cannot be one, or the two differ
 */
export function idempotencyKeyOf(inBody: string | undefined, header: string | undefined): string | undefined {
  if (header === undefined) return inBody;
  if (!KEY.test(header)) {
    throw fault('The header Idempotency-Key must hold 1 to 255 printable ASCII characters', 'is_key');
  }
  if (inBody !== undefined && inBody !== header) {
    throw fault('The header Idempotency-Key and idempotency_key differ: give one of them', 'contradiction');
  }
  return header;
}

function fault(detail: string, code: string) {
  return invalid('validation_failed', [{ pointer: '/idempotency_key', detail, code }]);
}
