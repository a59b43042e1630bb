import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

/** As much of a schema as examples are made from. */
interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
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
  for (const content of answerContents(document)) showAnswer(content, schemas);
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

function requestContents(document: OpenAPIObject): Content[] {
  return operationsOf(document).flatMap(({ operation }) => contentsOf(operation.requestBody));
}

function answerContents(document: OpenAPIObject): Content[] {
  return operationsOf(document).flatMap(({ operation }) =>
    Object.values(operation.responses).flatMap(contentsOf),
  );
}

function contentsOf(body: unknown): Content[] {
  return Object.values((body as { content?: Record<string, Content> } | undefined)?.content ?? {});
}

/**
 * All fields at once would contradict each other, as `scheduled_at` and `schedule_in` do. A body that needs nothing shows
 * all it can hold.
 */
function showWhatIsRequired(content: Content, schemas: Schemas): void {
  const name = content.schema?.$ref?.split('/').at(-1);
  const schema = name === undefined ? undefined : schemas[name];
  if (!schema || content.example !== undefined || content.examples !== undefined) return;
  const { properties = {}, required = [] } = schema;
  const names = required.length > 0 ? required : Object.keys(properties).filter(isTold);
  content.example = Object.fromEntries(names.map((field) => [field, properties[field]?.example]));

  function isTold(field: string): boolean {
    return properties[field]?.example !== undefined && properties[field].example !== null;
  }
}

/** An answer that may have several forms has an example of each, by its name. */
function showAnswer(content: Content, schemas: Schemas): void {
  const { schema, example, examples } = content;
  if (!schema || example !== undefined || examples !== undefined) return;
  if (!schema.oneOf) content.example = exampleOf(schema, schemas);
  else
    content.examples = Object.fromEntries(
      schema.oneOf.map((form) => [nameOf(form), { value: exampleOf(form, schemas) }]),
    );
}

function nameOf({ $ref = '' }: Schema): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}

/** Put together from the examples of the fields; undefined where one is missing. */
function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.example !== undefined) return schema.example;
  const { $ref, properties, items, required = [] } = schema;
  if ($ref !== undefined) return exampleOf(schemas[nameOf(schema)] ?? {}, schemas);
  if (items) return [exampleOf(items, schemas)];
  if (properties)
    return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, schemas)]));
  const [form] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  return form && exampleOf(form, schemas);
}
