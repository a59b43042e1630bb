import type { OpenAPIObject } from '@nestjs/swagger';

/** As much of a schema as examples are made from. */
interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  $ref?: string;
  example?: unknown;
}

interface Content {
  schema?: Schema;
  example?: unknown;
  examples?: unknown;
}

type Schemas = Record<string, Schema>;

/** Completes the examples, so that what a reader sees, and sends with "Try it out", makes sense as a whole. */
export function addExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  for (const schema of Object.values(schemas)) showAbsenceAsNull(schema);
  for (const content of requestContents(document)) showWhatIsRequired(content, schemas);
  return document;
}

/** Readers invent a text otherwise, and a completed job is shown with an error message "string". */
function showAbsenceAsNull({ properties = {} }: Schema): void {
  for (const property of Object.values(properties)) {
    if (property.example === undefined && allowsNull(property)) property.example = null;
  }
}

function allowsNull({ type, anyOf = [] }: Schema): boolean {
  return type === 'null' || (Array.isArray(type) && type.includes('null')) || anyOf.some(allowsNull);
}

function requestContents({ paths }: OpenAPIObject): Content[] {
  const operations = Object.values(paths).flatMap(
    (path) => Object.values(path) as { requestBody?: object }[],
  );
  return operations.flatMap(({ requestBody }) => {
    const { content = {} } = (requestBody ?? {}) as { content?: Record<string, Content> };
    return Object.values(content);
  });
}

/** All fields at once would contradict each other, as `scheduled_at` and `schedule_in` do. */
function showWhatIsRequired(content: Content, schemas: Schemas): void {
  const name = content.schema?.$ref?.split('/').at(-1);
  const schema = name === undefined ? undefined : schemas[name];
  if (!schema || content.example !== undefined || content.examples !== undefined) return;
  const { properties = {}, required = [] } = schema;
  content.example = Object.fromEntries(required.map((field) => [field, properties[field]?.example]));
}
