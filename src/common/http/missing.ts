import type { DeclaredField } from './fields.js';

/** A longer example is no help in a sentence. */
const LONGEST_EXAMPLE = 80;

const ARTICLED: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What to say of a field that is not there; `fault` is what its rules say, for one that is not declared with a field. */
export function missing(name: string, declared: DeclaredField | undefined, fault: string): string {
  return `${name} is missing: ${declared ? `send ${wanted(declared)}` : fault}`;
}

function wanted({ field: { example }, schema, of }: DeclaredField): string {
  const { type, enum: choices } = schema;
  if (Array.isArray(choices)) return `one of ${choices.join(', ')}`;
  if (of) return type === 'array' ? 'a list of objects' : 'an object';
  const kind = (typeof type === 'string' ? ARTICLED[type] : undefined) ?? 'a value';
  const text = example === undefined ? '' : JSON.stringify(example);
  const such = text === '' || text.length > LONGEST_EXAMPLE ? '' : `, such as ${text}`;
  // Whether a payload of its own needs more, the rules of that say.
  const least =
    type === 'object' && text !== '{}' ? `${such ? ',' : ''} or {} when there is nothing to say` : '';
  return `${kind}${such}${least}`;
}
