import { isJsonObject } from '../../common/json-object.js';

/** The bounds of a schema: what it costs to compile and to check against is bounded with them. */
const LARGEST_SCHEMA_BYTES = 32 * 1024;
const MOST_NODES = 2_000;
const LONGEST_PATTERN = 256;
const LONGEST_MATCHED_TEXT = 10_000;
const MOST_UNIQUE_ITEMS = 1_000;

/** What would let a schema reach beyond itself, or change its meaning by where it stands. */
const REFUSED_KEYWORDS: Readonly<Record<string, string>> = {
  $id: 'gives the schema an address',
  $anchor: 'is not needed: point to $defs',
  $dynamicRef: 'changes its meaning by where it is reached from: use $ref',
  $dynamicAnchor: 'changes its meaning by where it is reached from: use $ref',
  $vocabulary: 'is for schemas of schemas',
};

/** A fault of a schema: where in it, and what is wrong. */
export interface SchemaFault {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * What of a schema is refused although JSON Schema allows it, because somebody could make us fetch something, or
 * compute for hours. A $ref that is followed many times is counted each time, so that a few lines cannot stand for
 * millions.
 */
export function schemaFault(schema: unknown): SchemaFault | undefined {
  if (Buffer.byteLength(JSON.stringify(schema)) > LARGEST_SCHEMA_BYTES)
    return { pointer: '', detail: `The schema is larger than ${LARGEST_SCHEMA_BYTES} bytes: shorten it` };
  return keywordFault(schema, '') ?? weightFault(schema);
}

function keywordFault(node: unknown, pointer: string): SchemaFault | undefined {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) {
      const fault = keywordFault(item, `${pointer}/${index}`);
      if (fault) return fault;
    }
    return undefined;
  }
  if (!isJsonObject(node)) return undefined;
  const own = faultOfNode(node, pointer);
  if (own) return own;
  for (const [key, value] of Object.entries(node)) {
    const fault = keywordFault(value, `${pointer}/${pointerPart(key)}`);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfNode(node: Record<string, unknown>, pointer: string): SchemaFault | undefined {
  for (const [keyword, why] of Object.entries(REFUSED_KEYWORDS)) {
    if (typeof node[keyword] === 'string')
      return { pointer: `${pointer}/${keyword}`, detail: `${keyword} ${why}` };
  }
  const { $ref, pattern, maxLength, patternProperties, uniqueItems, maxItems } = node;
  if (isJsonObject(patternProperties)) {
    const detail = 'patternProperties is not possible here: name the properties, or use additionalProperties';
    return { pointer: `${pointer}/patternProperties`, detail };
  }
  if (typeof $ref === 'string' && !$ref.startsWith('#/$defs/'))
    return { pointer: `${pointer}/$ref`, detail: '$ref must point to #/$defs/… of the same schema' };
  if (typeof pattern === 'string' && pattern.length > LONGEST_PATTERN)
    return { pointer: `${pointer}/pattern`, detail: `A pattern has at most ${LONGEST_PATTERN} characters` };
  if (typeof pattern === 'string' && !isWithin(maxLength, LONGEST_MATCHED_TEXT)) {
    const detail = `A pattern needs a maxLength of at most ${LONGEST_MATCHED_TEXT} beside it`;
    return { pointer: `${pointer}/pattern`, detail };
  }
  if (uniqueItems === true && !isWithin(maxItems, MOST_UNIQUE_ITEMS)) {
    const detail = `uniqueItems needs a maxItems of at most ${MOST_UNIQUE_ITEMS} beside it`;
    return { pointer: `${pointer}/uniqueItems`, detail };
  }
  return undefined;
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value <= most;
}

/** Counts what is looked at when every $ref is followed. */
function weightFault(schema: unknown): SchemaFault | undefined {
  const definitions = isJsonObject(schema) && isJsonObject(schema.$defs) ? schema.$defs : {};
  const known = new Map<string, number>();
  const open = new Set<string>();
  let fault: SchemaFault | undefined;

  const weigh = (node: unknown): number => {
    if (typeof node !== 'object' || node === null || fault) return 1;
    const own = Object.entries(node).reduce((sum, [key, value]: [string, unknown]) => {
      if (key === '$defs' && node === schema) return sum;
      return sum + (key === '$ref' && typeof value === 'string' ? weighTarget(value) : weigh(value));
    }, 1);
    return own;
  };
  const weighTarget = (ref: string): number => {
    const weight = known.get(ref);
    if (weight !== undefined || fault) return weight ?? 1;
    const target = definitions[ref.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~')];
    if (target === undefined) fault = { pointer: '', detail: `${ref} points to nothing: define it in $defs` };
    else if (open.has(ref))
      fault = { pointer: '', detail: `${ref} leads back to itself: write it out as deep as it goes` };
    if (fault) return 1;
    open.add(ref);
    const total = weigh(target);
    open.delete(ref);
    known.set(ref, total);
    return total;
  };

  // Definitions that nobody refers to are compiled, too.
  const total =
    weigh(schema) + Object.values(definitions).reduce((sum: number, node) => sum + weigh(node), 0);
  if (fault) return fault;
  if (total <= MOST_NODES) return undefined;
  const detail = `The schema has ${total} parts when every $ref is followed, and may have ${MOST_NODES}: simplify it`;
  return { pointer: '', detail };
}

/** A key as a part of a JSON pointer. */
export function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
