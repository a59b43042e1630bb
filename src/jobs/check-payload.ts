import { invalid } from '../common/index.js';
import { toValid } from '../common/http/index.js';
import { type JobType, type JsonObject, refuseRedacted } from '../queue/index.js';

/**
 * Refuses a payload that is not what the handlers, or the external workers, of its type expect.
 * @param base where in the whole request it stands, as a JSON pointer
 * @throws DomainError validation_failed with every fault
 */
export async function checkPayload(type: JobType, payload: JsonObject, base: string): Promise<void> {
  if (type.redact) refuseRedacted(payload, type.redact, base);
  if (!type.external) {
    await toValid(type.payload, payload, { base });
    return;
  }
  const faults = type.external.faultsOf(payload, base);
  if (faults.length > 0) throw invalid('validation_failed', faults);
}
