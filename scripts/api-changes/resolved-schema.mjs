// Schemas as they are compared: references followed, parts put together, null told apart from the rest.

/**
 * What a schema comes to. `alternatives` are forms of which one holds; `name` is the component it was taken from.
 * @param {object | boolean | undefined} schema
 * @param {object} document the whole, for its references
 */
export function resolvedSchema(schema, document) {
  if (schema === undefined || schema === true) return {};
  if (schema === false) return { enum: [] };
  const { $ref, allOf, oneOf, anyOf, ...own } = schema;
  const forms = oneOf ?? anyOf;
  const whole = merged([
    ...($ref ? [{ ...resolvedSchema(at($ref, document), document), name: $ref.split('/').at(-1) }] : []),
    ...(allOf ?? []).map((part) => resolvedSchema(part, document)),
    withTypes(own),
  ]);
  return forms ? withForms(whole, forms, document) : whole;
}

function withTypes({ type, const: only, nullable, ...rest }) {
  const types = type === undefined ? undefined : [type].flat();
  return {
    ...rest,
    ...(types ? { types: nullable ? [...types, 'null'] : types } : {}),
    ...(only === undefined ? {} : { enum: [only] }),
  };
}

/** "This or null" is this, but that it may be null. */
function withForms(whole, forms, document) {
  const resolved = forms.map((form) => resolvedSchema(form, document));
  const isNull = ({ types }) => types?.length === 1 && types[0] === 'null';
  const others = resolved.filter((form) => !isNull(form));
  const [single] = others;
  if (others.length !== 1) return { ...whole, alternatives: resolved };
  const form = merged([single, whole]);
  return others.length < resolved.length && form.types ? { ...form, types: [...form.types, 'null'] } : form;
}

function merged(parts) {
  const [first = {}, ...others] = parts;
  return others.reduce((whole, part) => {
    const properties = { ...whole.properties };
    for (const [name, schema] of Object.entries(part.properties ?? {}))
      properties[name] = name in properties ? { allOf: [properties[name], schema] } : schema;
    const required = [...new Set([...(whole.required ?? []), ...(part.required ?? [])])];
    return {
      ...whole,
      ...part,
      ...(whole.properties || part.properties ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
    };
  }, first);
}

/** What a reference within the document leads to. */
export function at(reference, document) {
  return reference
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((place, step) => place?.[step], document);
}
