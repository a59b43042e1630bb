// What a caller may send must stay allowed, and what a caller is answered must stay what it was told to expect.
import { resolvedSchema } from './resolved-schema.mjs';

const MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];

/** Compares schemas of two documents, each pair of components once. */
export class SchemaBreaks {
  #seen;

  /** @param {'request' | 'answer'} direction who is to understand what the schemas are of */
  constructor(before, after, direction, seen = new Set()) {
    this.documents = { before, after };
    this.direction = direction;
    this.#seen = seen;
  }

  /** What breaks, each in one sentence with its place in front. */
  between(before, after, place) {
    const from = resolvedSchema(before, this.documents.before);
    const to = resolvedSchema(after, this.documents.after);
    if (from.name && to.name) {
      const pair = `${from.name} ${to.name}`;
      if (this.#seen.has(pair)) return [];
      this.#seen.add(pair);
    }
    return this.#compare(from, to, place);
  }

  #compare(from, to, place) {
    if (from.alternatives || to.alternatives) return this.#forms(from, to, place);
    const own = this.direction === 'request' ? requestBreaks(from, to) : answerBreaks(from, to);
    return [...own.map((text) => `${place} ${text}`), ...this.#inside(from, to, place)];
  }

  #inside(from, to, place) {
    const breaks = [];
    for (const [name, schema] of Object.entries(from.properties ?? {})) {
      const now = to.properties?.[name];
      const field = `${place}/${name}`;
      if (now !== undefined) breaks.push(...this.between(schema, now, field));
      else breaks.push(...this.#gone(to, field));
    }
    breaks.push(...this.#presence(from, to, place));
    if (from.items && to.items) breaks.push(...this.between(from.items, to.items, `${place}/n`));
    const [old, now] = [from.additionalProperties, to.additionalProperties];
    if (isSchema(old) && isSchema(now)) breaks.push(...this.between(old, now, `${place}/*`));
    return breaks;
  }

  #gone(to, field) {
    if (this.direction === 'answer') return [`${field} is not answered any more`];
    const isTaken = to.additionalProperties === true || (!to.properties && to.additionalProperties !== false);
    return isTaken ? [] : [`${field} may not be sent any more`];
  }

  #presence(from, to, place) {
    const [before, now] = [new Set(from.required), new Set(to.required)];
    if (this.direction === 'request')
      return [...now].filter((name) => !before.has(name)).map((name) => `${place}/${name} must be sent now`);
    return [...before]
      .filter((name) => !now.has(name) && to.properties?.[name] !== undefined)
      .map((name) => `${place}/${name} may be missing now`);
  }

  /** Each form that may be met must be one that was known. */
  #forms(from, to, place) {
    const [met, known] = this.direction === 'request' ? [from, to] : [to, from];
    const knownForms = known.alternatives ?? [known];
    return (met.alternatives ?? [met]).flatMap((form) => {
      const pairWith = (other) => (this.direction === 'request' ? [form, other] : [other, form]);
      const same = form.name && knownForms.find(({ name }) => name === form.name);
      if (same) return this.#compare(...pairWith(same), place);
      if (knownForms.some((other) => this.#trial(...pairWith(other)).length === 0)) return [];
      const name = form.name ?? (form.types ?? ['a form']).join(' or ');
      return [
        this.direction === 'request'
          ? `${place} may not be ${name} any more`
          : `${place} may be ${name} now, which callers do not expect`,
      ];
    });
  }

  /** Comparing what may not belong together leaves no trace. */
  #trial(from, to) {
    const { before, after } = this.documents;
    return new SchemaBreaks(before, after, this.direction, new Set(this.#seen)).#compare(from, to, '');
  }
}

function requestBreaks(from, to) {
  const breaks = [];
  const refused = typesBeyond(from.types, to.types);
  if (refused) breaks.push(`does not take ${refused} any more`);
  const words = wordsBeyond(from.enum, to.enum);
  if (words) breaks.push(`does not take ${words} any more`);
  for (const key of MOST)
    if ((to[key] ?? Infinity) < (from[key] ?? Infinity)) breaks.push(`has a lower ${key} now (${to[key]})`);
  for (const key of LEAST)
    if ((to[key] ?? -Infinity) > (from[key] ?? -Infinity) && !isNothing(key, to, from))
      breaks.push(`has a higher ${key} now (${to[key]})`);
  for (const key of ['format', 'pattern'])
    if (to[key] !== undefined && to[key] !== from[key])
      breaks.push(`must have another ${key} now (${to[key]})`);
  if (to.uniqueItems && !from.uniqueItems) breaks.push('may not repeat itself any more');
  if (to.additionalProperties === false && from.additionalProperties !== false && !from.properties)
    breaks.push('does not take any members any more');
  const [old, now] = [from.default, to.default].map((value) => JSON.stringify(value));
  if (old !== undefined && now !== undefined && old !== now)
    breaks.push(`is taken for ${now} now where it is left out, not for ${old}`);
  return breaks;
}

/** A length of 0 was never too short. */
function isNothing(key, to, from) {
  return from[key] === undefined && to[key] === 0 && key.startsWith('min') && key !== 'minimum';
}

/** Longer texts and larger numbers break nobody who reads them as what they are. */
function answerBreaks(from, to) {
  const breaks = [];
  const unknown = typesBeyond(to.types, from.types);
  if (unknown) breaks.push(`may be ${unknown} now, which callers do not expect`);
  const words = from['x-open-enum'] ? undefined : wordsBeyond(to.enum, from.enum);
  if (words) breaks.push(`may be ${words} now, and was not said to be open`);
  if (from.format !== undefined && to.format !== from.format)
    breaks.push(`has another format now (${to.format ?? 'none'})`);
  return breaks;
}

/** The types that `wide` has and `narrow` has not; undefined = none. */
function typesBeyond(wide, narrow) {
  if (narrow === undefined) return undefined;
  if (wide === undefined) return 'any value';
  const fits = (type) => narrow.includes(type) || (type === 'integer' && narrow.includes('number'));
  return listed(wide.filter((type) => !fits(type)));
}

/** The same of words; of null the types say it. */
function wordsBeyond(wide, narrow) {
  if (narrow === undefined) return undefined;
  if (wide === undefined) return 'any value';
  const beyond = wide.filter((word) => word !== null && !narrow.includes(word));
  return listed(beyond.map((word) => JSON.stringify(word)));
}

function listed(names) {
  return names.length === 0 ? undefined : names.join(', ');
}

function isSchema(value) {
  return typeof value === 'object' && value !== null;
}
