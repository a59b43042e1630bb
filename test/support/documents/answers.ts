const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/;
const DIGEST = /[0-9a-f]{16,}/;
const TOKEN = /(?:rh|rhl|whsec|evt)_\w+/;

/** What is never the same twice, in the order in which it is looked for. */
const PASSING = [UUID, TIME, TOKEN, DIGEST];

/** Fields of an answer that belong to one installation or one run, whatever they look like. */
const OF_ONE_RUN = /^(?:id|login|version|request_id)$|_(?:ms|seconds)$|duration/;

/** What an answer showed in the place of something that differs from run to run, and what came instead. */
export type Learned = Map<string, string>;

/** JSON as documents show it: `…` stands for what is left out. Undefined when it is none. */
export function jsonOf(text: string): unknown {
  const whole = text.replace(/"(?:[^"\\\n]|\\.)*"|,?\s*…\s*,?/g, (part) =>
    part.startsWith('"') ? part : /^,.*,$/s.test(part) ? ',' : '',
  );
  try {
    return JSON.parse(whole) as unknown;
  } catch {
    return undefined;
  }
}

/** What is wrong with the answer that a document shows; empty = nothing. */
export function differences(shown: string, given: string, learned: Learned): string[] {
  const expected = jsonOf(shown);
  if (expected === undefined) return missingLines(shown, given);
  const actual = jsonOf(given.trim());
  return actual === undefined
    ? [`it is no JSON: ${given.slice(0, 500)}`]
    : compare('', expected, actual, learned);
}

function compare(path: string, shown: unknown, given: unknown, learned: Learned): string[] {
  if (Array.isArray(shown) && Array.isArray(given)) {
    if (given.length < shown.length) return [`${path} has ${given.length} items, not ${shown.length}`];
    return shown.flatMap((item, index) => compare(`${path}/${index}`, item, given[index], learned));
  }
  if (isRecord(shown) && isRecord(given))
    return Object.entries(shown).flatMap(([field, value]) =>
      Object.hasOwn(given, field)
        ? compare(`${path}/${field}`, value, given[field], learned)
        : [`${path}/${field} is not there`],
    );
  if (typeof shown === typeof given && OF_ONE_RUN.test(path.slice(path.lastIndexOf('/') + 1))) return [];
  if (typeof shown === 'string' && typeof given === 'string' && pattern(shown).test(given)) {
    if (shown !== given && PASSING.some((one) => new RegExp(`^${one.source}$`).test(shown)))
      learned.set(shown, given);
    return [];
  }
  return Object.is(shown, given) ? [] : [`${path} is ${JSON.stringify(given)}, not ${JSON.stringify(shown)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Each line must be there, in whatever order: what happens at the same time is told in any. */
function missingLines(shown: string, given: string): string[] {
  const lines = given.split('\n').map((line) => line.trim());
  return shown
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '…')
    .filter((line) => !lines.some((each) => pattern(line, true).test(each)))
    .map((line) => `no line is like "${line}" in:\n${given.slice(0, 2_000)}`);
}

/** What this stands for: `…` for anything, ids, times and tokens for any others; in plain lines numbers, too. */
function pattern(shown: string, withNumbers = false): RegExp {
  const passing = withNumbers ? [...PASSING, /\d+(?:\.\d+)?/] : PASSING;
  const parts = new RegExp([/…/, ...passing].map(({ source }) => `(?:${source})`).join('|'), 'g');
  let source = '';
  let end = 0;
  for (const match of shown.matchAll(parts)) {
    const kind = match[0] === '…' ? '.*' : `(?:${passing.find((one) => matchesAll(one, match[0]))!.source})`;
    source += escaped(shown.slice(end, match.index)) + kind;
    end = match.index + match[0].length;
  }
  return new RegExp(`^${source}${escaped(shown.slice(end))}$`, 's');
}

function matchesAll(one: RegExp, text: string): boolean {
  return new RegExp(`^(?:${one.source})$`).test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
