import { declare } from './fields.js';

/** A total for each name, as a field of an answer. */
export function Counts(field: { description: string; example: object }): PropertyDecorator {
  return declare(field, { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } });
}
