import type { ClassConstructor } from 'class-transformer';
import { type DeclaredField, declaredFields } from './fields.js';

type Schema = Record<string, unknown>;

/** The JSON Schema of a class declared with the field decorators; of any other, any object. */
export function jsonSchemaOf(type: ClassConstructor<object>): Schema {
  const fields = declaredFields(type);
  if (fields.size === 0) return { type: 'object', additionalProperties: true };
  const required = [...fields].filter(([, { field }]) => !field.optional).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries([...fields].map(([name, declared]) => [name, schemaOf(declared)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

function schemaOf({ field, schema, of }: DeclaredField): Schema {
  const { description, example, nullable } = field;
  const shape = of ? nestedSchema(of, schema) : schema;
  return {
    ...shape,
    ...(nullable ? { type: [shape.type, 'null'] } : {}),
    description,
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

/** The schema of a nested object, or of a list of them. */
function nestedSchema(of: ClassConstructor<object>, schema: Schema): Schema {
  const each = jsonSchemaOf(of);
  return schema.type === 'array' ? { ...schema, items: each } : each;
}
