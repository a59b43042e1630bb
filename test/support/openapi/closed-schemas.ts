import type { Schema } from './operations.js';

/**
 * The same document, but that objects have no members beside those that are documented: clients must bear what they do
 * not know, but what is answered is to be documented. An object that says of its own how it is open stays so.
 */
export function closed(document: Schema): Schema {
  const parts = sharedParts(document);
  const close = (schema: unknown, name?: string): unknown => {
    if (Array.isArray(schema)) return schema.map((one) => close(one));
    if (typeof schema !== 'object' || schema === null) return schema;
    const inside: Schema = Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [key, isData(key) ? value : close(value)]),
    );
    if (isComposed(inside)) return { ...inside, unevaluatedProperties: false };
    const isOpen = !isSchema(inside) || 'additionalProperties' in inside || parts.has(name ?? '');
    return isOpen ? inside : { ...inside, additionalProperties: false };
  };
  const schemas = Object.entries(document.components.schemas);
  return {
    ...document,
    paths: close(document.paths),
    components: {
      responses: close(document.components.responses),
      schemas: Object.fromEntries(schemas.map(([name, schema]) => [name, close(schema, name)])),
    },
  };
}

/** Examples look like schemas now and then. */
function isData(key: string): boolean {
  return ['example', 'examples', 'default', 'enum', 'const', 'discriminator'].includes(key);
}

/** A field may be named `properties` too: its schema is no map of schemas then. */
function isSchema({ type, properties }: Schema): boolean {
  return type === 'object' && typeof properties === 'object';
}

/** Made of others that all hold; a single one, which is there to say more of it, speaks for itself. */
function isComposed({ allOf, properties }: Schema): boolean {
  return Array.isArray(allOf) && (allOf.length > 1 || properties !== undefined);
}

/** The schemas that others are made of: alone they do not know all members. */
function sharedParts(document: unknown, found = new Set<string>()): Set<string> {
  if (typeof document !== 'object' || document === null) return found;
  if (isComposed(document))
    for (const { $ref } of (document as Schema).allOf) if ($ref) found.add(String($ref).split('/').at(-1)!);
  for (const inner of Object.values(document)) sharedParts(inner, found);
  return found;
}
