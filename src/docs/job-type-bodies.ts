import type { OpenAPIObject } from '@nestjs/swagger';
import { jsonSchemaOf } from '../common/http/index.js';
import type { DeclaredJobType } from '../worker/index.js';

type Schema = Record<string, unknown>;

interface ObjectSchema extends Schema {
  readonly properties: Record<string, Schema>;
}

interface Content {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { summary: string; value: unknown }>;
}

const SUBMISSION = 'CreateJobRequest';
const SETTINGS = 'JobSettings';
const KNOWN = 'CreateJobOfType';
const OTHER = 'CreateOtherJob';

/** Says of each job type what a submission of it looks like, its payload included, and gives examples. */
export function addJobTypeBodies(document: OpenAPIObject, all: readonly DeclaredJobType[]): OpenAPIObject {
  const jobTypes = all.filter(({ isInternal }) => !isInternal);
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const submission = schemas[SUBMISSION] as ObjectSchema | undefined;
  if (!submission || jobTypes.length === 0) return document;
  const { type, payload, ...settings } = submission.properties as Record<'type' | 'payload', Schema>;
  const names = all.flatMap(namesOf);
  schemas[SETTINGS] = { type: 'object', properties: settings };
  const bodies = jobTypes.map((jobType) => {
    const name = freeName(jobType.type, schemas);
    schemas[name] = bodyOf(jobType);
    return { jobType, ref: refTo(name) };
  });
  const otherType = { ...type, not: { enum: names }, example: undefined };
  schemas[OTHER] = withSettings({ properties: { type: otherType, payload }, required: ['payload'] });
  // What names no type has nothing to be told apart by, so it stands beside.
  schemas[SUBMISSION] = { oneOf: [{ $ref: refTo(KNOWN) }, { $ref: refTo(OTHER) }] };
  schemas[KNOWN] = {
    oneOf: bodies.map(({ ref }) => ({ $ref: ref })),
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(
        bodies.flatMap(({ jobType, ref }) => namesOf(jobType).map((name) => [name, ref])),
      ),
    },
  };
  showExamples(contentOf(document, '/jobs'), jobTypes, (jobType, example) => ({
    type: jobType.type,
    payload: example,
  }));
  showExamples(contentOf(document, '/tasks/{type}'), jobTypes, (_jobType, example) => example);
  return document;
}

function namesOf({ type, aliases = [] }: DeclaredJobType): string[] {
  return [type, ...aliases];
}

function bodyOf(jobType: DeclaredJobType): Schema {
  const { description, payload, example } = jobType;
  const type = { type: 'string', enum: namesOf(jobType), description: 'Its name, or one of its aliases.' };
  return {
    description,
    ...withSettings({
      properties: { type, payload: { ...jsonSchemaOf(payload), example } },
      required: ['type', 'payload'],
    }),
  };
}

function withSettings(own: Schema): Schema {
  return { type: 'object', ...own, allOf: [{ $ref: refTo(SETTINGS) }] };
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

/** A name for the schema: `CreateSendEmailJob` of `send_email`. */
function freeName(type: string, schemas: Record<string, Schema>): string {
  const words = type.split(/[^a-z0-9]+/i).filter((word) => word !== '');
  const stem = `Create${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Job`;
  const isTaken = (name: string) => name in schemas || name === KNOWN || name === OTHER;
  let name = stem;
  for (let count = 2; isTaken(name); count++) name = `${stem}${count}`;
  return name;
}

function contentOf({ paths }: OpenAPIObject, path: string): Content | undefined {
  const body = paths[path]?.post?.requestBody as { content?: Record<string, Content> } | undefined;
  return body?.content?.['application/json'];
}

/** An example of the whole body, by the name of its type; OpenAPI allows none beside them. */
function showExamples(
  content: Content | undefined,
  jobTypes: readonly DeclaredJobType[],
  bodyWith: (jobType: DeclaredJobType, example: object) => unknown,
): void {
  if (!content) return;
  delete content.example;
  if (content.schema) delete content.schema.example;
  content.examples = Object.fromEntries(
    jobTypes.flatMap((jobType) =>
      [jobType.example, ...(jobType.examples ?? [])].map((example, at) => [
        at === 0 ? jobType.type : `${jobType.type} ${at + 1}`,
        { summary: jobType.description, value: bodyWith(jobType, example) },
      ]),
    ),
  );
}
