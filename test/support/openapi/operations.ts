import { readFileSync } from 'node:fs';

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type Schema = Record<string, any>;

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** What the document says of an answer. */
export interface DocumentedAnswer {
  /** Where it stands in the document, as steps. */
  readonly steps: readonly string[];
  readonly types: readonly string[];
  /** By name, in lower case: whether it is always sent. */
  readonly headers: ReadonlyMap<string, boolean>;
}

/** What the document says of one method of one address. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schema of the JSON body, if it takes one. */
  readonly body: Schema | undefined;
  /** The documented answers by status. */
  readonly answers: ReadonlyMap<number, DocumentedAnswer>;
}

/** The document as it is published. */
export const document = JSON.parse(
  readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8'),
) as Schema;

/** Every route and method of the document. */
export const operations: readonly Operation[] = Object.entries<Schema>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries<Schema>(methods).map(([method, operation]) => ({
      id: operation.operationId as string,
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content?.['application/json']?.schema,
      answers: new Map(
        Object.entries<Schema>(operation.responses).map(([status, answer]) => [
          Number(status),
          documentedAnswer(answer, ['paths', path, method, 'responses', status]),
        ]),
      ),
    })),
);

function documentedAnswer(answer: Schema, steps: string[]): DocumentedAnswer {
  if (answer.$ref) {
    const name = String(answer.$ref).split('/').at(-1)!;
    return documentedAnswer(document.components.responses[name], ['components', 'responses', name]);
  }
  const { content = {}, headers = {} } = answer;
  const all = Object.entries<Schema>(headers);
  return {
    steps,
    types: Object.keys(content),
    headers: new Map(all.map(([name, { required = false }]) => [name.toLowerCase(), required as boolean])),
  };
}

/** The schema itself, where another one only points to it, or is made from several that all hold. */
export function resolved(schema: Schema): Schema {
  if (schema.$ref) return resolved(document.components.schemas[String(schema.$ref).split('/').at(-1)!]);
  if (!schema.allOf) return schema;
  const { allOf, ...own } = schema;
  const parts = [...(allOf as Schema[]).map(resolved), own];
  const merged: Schema = Object.assign({}, ...parts);
  if (!parts.some(({ properties }) => properties)) return merged;
  const properties: Schema = Object.assign({}, ...parts.map((part) => part.properties));
  return { ...merged, properties, required: parts.flatMap(({ required = [] }) => required) };
}

/** The operation that answers this method at this address; a fixed part of a path goes before a parameter. */
export function operationAt(method: string, url: string): Operation | undefined {
  const parts = url.split('?')[0]!.split('/');
  const fits = operations.filter((operation) => {
    const template = operation.path.split('/');
    return (
      operation.method === method &&
      template.length === parts.length &&
      template.every((part, index) => (part.startsWith('{') ? parts[index] !== '' : part === parts[index]))
    );
  });
  return fits.sort((a, b) => openParts(a.path) - openParts(b.path))[0];
}

function openParts(path: string): number {
  return path.split('{').length;
}
