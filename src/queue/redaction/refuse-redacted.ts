import { invalid } from '../../common/index.js';
import type { JsonObject } from '../job.entity.js';
import { REDACTED, redactedPlaces } from './pointers.js';

/**
 * Refuses what was read, changed and sent back: stored, it would take the place of the value that was not shown.
 * @param pointers what is not shown of payloads of its type
 * @param base where the payload stands in the request, as a JSON pointer
 * @throws DomainError validation_failed
 */
export function refuseRedacted(payload: JsonObject, pointers: readonly string[], base: string): void {
  const places = redactedPlaces(payload, pointers);
  if (places.length === 0) return;
  throw invalid(
    'validation_failed',
    places.map((place) => ({
      pointer: `${base}${place}`,
      detail: `${place.slice(1)} is "${REDACTED}", which is shown in the place of its value: send the value itself`,
      code: 'redacted_value',
    })),
  );
}
