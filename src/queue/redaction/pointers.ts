import { isJsonObject } from '../../common/json-object.js';
import { pointerPart } from '../external-types/schema-faults.js';

/** What stands in the place of a value that is not shown. */
export const REDACTED = '[Redacted]';

/** Pointers of one type … */
export const MOST_POINTERS = 50;

/** … the characters of one … */
export const LONGEST_POINTER = 200;

/** … and its steps. */
const MOST_STEPS = 32;

/** The step that means every member, or every element. */
const EVERY = '*';

/** What PostgreSQL, too, takes for the place of an element, counted from either end. */
const PLACE = /^\s*[+-]?\d+$/;

/** Why this is no pointer to a part of a payload or result, as the end of a sentence; undefined when it is one. */
export function faultOfPointer(pointer: string): string | undefined {
  if (!pointer.startsWith('/')) return 'must begin with "/", as in /card/number';
  if (pointer.length > LONGEST_POINTER) return `must have at most ${LONGEST_POINTER} characters`;
  if (/~(?![01])/.test(pointer)) return 'must write "~" as ~0, and "/" in a name as ~1';
  if (pointer.includes('\0') || !pointer.isWellFormed()) return 'holds a character that cannot be stored';
  return stepsOf(pointer).length > MOST_STEPS ? `must have at most ${MOST_STEPS} steps` : undefined;
}

/** Puts `[Redacted]` in the place of what the pointers name, whatever stands there. What they do not reach is not copied. */
export function redacted(value: unknown, pointers: readonly string[]): unknown {
  return pointers.reduce((rest, pointer) => replaced(rest, stepsOf(pointer), 0), value);
}

/** Where, at a place that the pointers name, `[Redacted]` itself stands. */
export function redactedPlaces(value: unknown, pointers: readonly string[]): string[] {
  const places = pointers.flatMap((pointer) => placesOf(value, stepsOf(pointer), 0, ''));
  return [...new Set(places)];
}

/** Whether what is at the path of a search has a part that the pointer names, or is a part of one. */
export function meets(pointer: string, path: readonly string[]): boolean {
  return stepsOf(pointer).every((step, index) => {
    const other = path[index];
    if (other === undefined || step === EVERY || step === other) return true;
    return PLACE.test(step) && PLACE.test(other);
  });
}

function stepsOf(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function replaced(value: unknown, steps: readonly string[], at: number): unknown {
  const step = steps[at];
  if (step === undefined) return REDACTED;
  const reached = (key: string | number) => step === EVERY || step === String(key);
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (reached(index) ? replaced(each, steps, at + 1) : each));
  if (!isJsonObject(value) || (step !== EVERY && !Object.hasOwn(value, step))) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, reached(key) ? replaced(each, steps, at + 1) : each]),
  );
}

function placesOf(value: unknown, steps: readonly string[], at: number, before: string): string[] {
  const step = steps[at];
  if (step === undefined) return value === REDACTED ? [before] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => step === EVERY || step === key)
    .flatMap(([key, each]) => placesOf(each, steps, at + 1, `${before}/${pointerPart(key)}`));
}
