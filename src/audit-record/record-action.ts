import { canonicalJson, currentActor, currentRequestId } from '../common/index.js';
import type { Session } from '../database/index.js';
import { type ActionName, subjectTypeOf } from './actions.js';
import { INSERT_RECORD, recorded } from './audit-record.sql.js';

/** Small facts; never a payload, a secret or a token. */
export type Facts = Readonly<Record<string, unknown>>;

/** What somebody did. */
export interface Action {
  readonly action: ActionName;
  /** The id or the name of what it was done to; null = of no single thing. */
  readonly subject: string | null;
  /** The queue it is about, if it is about one. */
  readonly queue?: string | null;
  /** What changed, as it was. */
  readonly before?: Facts | null;
  /** What changed, as it is now. */
  readonly after?: Facts | null;
  /** Who did it, where it is not who asks now. */
  readonly actor?: string;
}

/**
 * Puts on record who did what. Who it was, and in which request, is known from what goes on around it.
 * @param session the transaction of the change itself: there is never one without the other
 */
export async function recordAction(session: Session, done: Action): Promise<void> {
  await session.query(INSERT_RECORD, valuesOf(done));
}

/**
 * Does what one statement does, and puts it on record in the same one, unless it has changed nothing.
 * @param statement one that answers with the rows it has changed, and has no WITH of its own
 */
export async function queryOnRecord<Row extends object>(
  session: Pick<Session, 'query'>,
  statement: string,
  values: readonly unknown[],
  done: Action,
): Promise<Row[]> {
  const both = recorded(statement, values.length + 1);
  return (await session.query<Row>(both, [...values, ...valuesOf(done)])).rows;
}

function valuesOf({ action, subject, queue = null, before, after, actor = currentActor() }: Action) {
  return [
    ...[actor, action, subjectTypeOf(action), subject, queue],
    ...[jsonOf(before), jsonOf(after), currentRequestId() ?? null],
  ];
}

const VEILED = '(not recorded)';

/**
 * What is different in `after`; nothing when there is nothing.
 * @param veiled of these only that they changed
 */
export function changesBetween(
  before: Facts,
  after: Facts,
  veiled: readonly string[] = [],
): Pick<Action, 'before' | 'after'> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null),
  );
  const shown = (facts: Facts) =>
    Object.fromEntries(names.map((name) => [name, veiled.includes(name) ? VEILED : (facts[name] ?? null)]));
  return { before: shown(before), after: shown(after) };
}

function jsonOf(facts: Facts | null | undefined): string | null {
  if (!facts || Object.keys(facts).length === 0) return null;
  return JSON.stringify(facts, (_name, value: unknown) => (isPlain(value) ? inSnakeCase(value) : value));
}

/** As the API writes names. */
function inSnakeCase(facts: object): object {
  const rename = (name: string) =>
    name.replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end}_${start.toLowerCase()}`);
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [rename(name), value as unknown]));
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
