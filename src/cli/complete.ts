import type { Command, Entry, Extra, Source } from './command.js';

/** How long (ms) somebody who has pressed the tab key waits for the service. */
const PATIENCE_MS = 700;

/** What goes into a command line as it is: anything else a shell might run, and the names come from elsewhere. */
const HARMLESS = /^[\w.:@/+-]+$/;

/** A word and what it means. */
type Candidate = readonly [word: string, says: string];

/**
 * What may stand at the end of a command line.
 * @param words those after `roundhouse`, up to the cursor; the last may be empty, or half a word
 * @returns a line for each candidate: the word, a tab, and what it means
 */
export async function complete(entries: readonly Entry[], words: readonly string[]): Promise<string> {
  // Shells take `--queue=emails` apart, or not.
  const parts = words
    .filter((word) => word !== '--')
    .flatMap((word) => (word.startsWith('--') ? word.split(/(?<=^[^=]+)=/) : word === '=' ? [] : [word]));
  const current = parts.at(-1) ?? '';
  const before = parts.slice(0, -1);
  const candidates = await candidatesFor(entries, before, current).catch(() => []);
  return candidates
    .filter(([word]) => word.startsWith(current) && HARMLESS.test(word))
    .map(([word, says]) => `${word}\t${says}\n`)
    .join('');
}

async function candidatesFor(
  entries: readonly Entry[],
  before: readonly string[],
  current: string,
): Promise<readonly Candidate[]> {
  const [first, second] = before;
  if (first === undefined) return firstWords(entries);
  const entry =
    entries.find(({ name }) => name === `${first} ${second}`) ?? entries.find(({ name }) => name === first);
  if (!entry) {
    const members = entries.filter(({ name }) => name.startsWith(`${first} `));
    return second === undefined
      ? members.map(({ name, summary }) => [name.slice(first.length + 1), summary])
      : [];
  }
  const command = await entry.load();
  const given = before.slice(entry.name.split(' ').length);
  const { extras = {}, options = {} } = command;
  const last = given.at(-1) ?? '';
  const extra = last.startsWith('--') ? extras[last.slice(2)] : undefined;
  if (extra?.value !== undefined) return valuesOf(extra, given, extras);
  if (last.startsWith('--') && Object.hasOwn(options, last.slice(2))) return [];
  if (current.startsWith('-')) return optionsOf(command);
  return operandsOf(command, given);
}

function firstWords(entries: readonly Entry[]): Candidate[] {
  const words = new Map<string, string>();
  for (const { name, summary } of entries) {
    const [word = '', ...more] = name.split(' ');
    if (!words.has(word)) words.set(word, more.length > 0 ? '' : summary);
  }
  return [...words, ['--help', 'What there is.'], ['--version', 'The version.'], ['--manual', 'All of it.']];
}

function optionsOf({ options = {}, extras = {} }: Command): Candidate[] {
  return [
    ...Object.entries(options).map(([option, variable]): Candidate => [`--${option}`, variable]),
    ...Object.entries(extras).map(([option, { says }]): Candidate => [`--${option}`, says]),
    ['--help', 'What it takes.'],
  ];
}

async function valuesOf(
  { choices, source }: Extra,
  given: readonly string[],
  extras: Readonly<Record<string, Extra>>,
): Promise<Candidate[]> {
  if (choices) return choices.map((choice) => [choice, '']);
  return source === undefined ? [] : fromService(source, given, extras);
}

async function operandsOf(
  { operands = [], source, extras = {} }: Command,
  given: readonly string[],
): Promise<Candidate[]> {
  const at = given.filter(
    (word, index) => !word.startsWith('-') && !takesValue(given[index - 1], extras),
  ).length;
  const operand = operands[at] ?? '';
  if (at === 0 && source !== undefined) return fromService(source, given, extras);
  const words = operand.split('|').filter((word) => /^[a-z-]+$/.test(word));
  return words.map((word) => [word, '']);
}

function takesValue(option: string | undefined, extras: Readonly<Record<string, Extra>>): boolean {
  return option?.startsWith('--') === true && extras[option.slice(2)]?.value !== undefined;
}

const LISTS: Readonly<
  Record<Source, { readonly path: string; readonly member: string; readonly name: string }>
> = {
  queues: { path: '/queues', member: 'queues', name: 'name' },
  types: { path: '/job-types', member: 'job_types', name: 'type' },
  schedules: { path: '/schedules', member: 'schedules', name: 'name' },
};

/** What the service knows, if it answers at once. */
async function fromService(
  source: Source,
  given: readonly string[],
  extras: Readonly<Record<string, Extra>>,
): Promise<Candidate[]> {
  const { serviceFor } = await import('./service/options.js');
  const called = Object.fromEntries(
    given.flatMap((word, at) => (takesValue(word, extras) ? [[word.slice(2), given[at + 1] ?? '']] : [])),
  );
  const { path, member, name } = LISTS[source];
  const answer = await serviceFor(called).get<Record<string, Record<string, string>[]>>(path, {
    patienceMs: PATIENCE_MS,
  });
  return (answer[member] ?? []).map((item) => [item[name] ?? '', '']);
}
