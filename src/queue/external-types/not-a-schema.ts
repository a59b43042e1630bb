import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { didYouMean } from '../../common/index.js';
import { isJsonObject } from '../../common/json-object.js';
import type { JsonObject } from '../job.entity.js';
import { type SchemaFault, pointerPart } from './schema-faults.js';

const REMEDY = 'See https://json-schema.org, dialect 2020-12';

/** Keywords below which names stand that anybody may choose. */
const WITH_NAMES: ReadonlySet<string> = new Set([
  'properties',
  '$defs',
  'dependentSchemas',
  'default',
  'const',
]);

/** Tells schemas from other JSON. */
let judge: Ajv2020 | undefined;

/** What keeps a JSON document from being a schema, or undefined. */
export function faultAsASchema(schema: JsonObject): SchemaFault | undefined {
  judge ??= new Ajv2020({ logger: false, verbose: true });
  if (judge.validateSchema(schema)) return undefined;
  // Of the alternatives that a place allows, the innermost error says what was meant there.
  const errors = [...(judge.errors ?? [])].sort((a, b) => depthOf(b) - depthOf(a) || rankOf(b) - rankOf(a));
  return errors[0] ? toFault(errors[0]) : { pointer: '', detail: `It is not a JSON Schema. ${REMEDY}` };
}

/** What was said when a schema was compiled: its words, and where the keyword stands that they name. */
export function faultInCompiling(schema: JsonObject, { message }: Error): SchemaFault {
  const unknown = /unknown keyword: "(.+)"/.exec(message)?.[1];
  if (unknown === undefined) return { pointer: '', detail: `It is not a JSON Schema: ${message}. ${REMEDY}` };
  judge ??= new Ajv2020({ logger: false, verbose: true });
  const hint = didYouMean(unknown, Object.keys(judge.RULES.keywords)) || ` ${REMEDY}.`;
  return {
    pointer: placeOf(unknown, schema) ?? '',
    detail: `It has an unknown keyword: "${unknown}".${hint}`,
  };
}

function toFault({ instancePath, keyword, params, message, data }: ErrorObject): SchemaFault {
  const name = instancePath.split('/').at(-1) ?? '';
  const { allowedValues } = params as { allowedValues?: string[] };
  if (keyword !== 'enum' || !allowedValues)
    return { pointer: instancePath, detail: `It is not a JSON Schema: ${name} ${message}. ${REMEDY}` };
  const hint = typeof data === 'string' ? didYouMean(data, allowedValues) : '';
  return {
    pointer: instancePath,
    detail: `It is not a JSON Schema: ${name} must be one of ${allowedValues.join(', ')}.${hint}`,
  };
}

function depthOf({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

function rankOf({ keyword }: ErrorObject): number {
  return keyword === 'enum' ? 1 : 0;
}

/** Where a keyword stands that no schema has, the first of them. */
function placeOf(keyword: string, node: unknown, pointer = '', areNames = false): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if (!areNames && isJsonObject(node) && Object.hasOwn(node, keyword))
    return `${pointer}/${pointerPart(keyword)}`;
  for (const [key, value] of Object.entries(node)) {
    const place = placeOf(keyword, value, `${pointer}/${pointerPart(key)}`, !areNames && WITH_NAMES.has(key));
    if (place !== undefined) return place;
  }
  return undefined;
}
