import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import type { ClassConstructor } from 'class-transformer';
import { type ValidationError, getMetadataStorage, validate } from 'class-validator';
import { type Fault, invalid } from '../errors.js';
import { meantField } from '../nearest.js';
import { declaredFields } from './fields.js';
import { reasonWithout } from './without.js';
import { isJsonObject } from '../json-object.js';
import { toInstance } from './instance.js';
import { missing } from './missing.js';
import { passesForSure } from './quick-check.js';

/** Turns bodies and queries into instances of their class, or says everything that is wrong with them. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || !isDeclared(metatype)) return value;
    // A query consists of texts; a body has types of its own, and "5" is not a number there.
    return toValid(metatype as ClassConstructor<object>, value, { convert: type === 'query' });
  }
}

/**
 * An instance of the class made from the value; a class that declares no fields takes any object.
 * @param base where in the whole request the value stands, as a JSON pointer
 * @throws DomainError validation_failed with every fault
 */
export async function toValid<T extends object>(
  type: ClassConstructor<T>,
  value: unknown,
  { convert = false, base = '' }: { convert?: boolean; base?: string } = {},
): Promise<T> {
  if (!isJsonObject(value)) {
    const where = base === '' ? 'The body' : `The value at ${base}`;
    throw invalid('validation_failed', [
      { pointer: base, detail: `${where} must be a JSON object`, code: 'not_an_object' },
    ]);
  }
  const instance = toInstance(type, value, { convert, onlyDeclared: true });
  if (!isDeclared(type)) return instance;
  const unknown = unknownFields(type, value, base);
  if (unknown.length === 0 && passesForSure(instance)) return instance;
  const errors = await validate(instance, { forbidUnknownValues: false });
  const faults = [...unknown, ...errors.flatMap((error) => faultsOf(error, base))];
  if (faults.length > 0) throw invalid('validation_failed', faults);
  return instance;
}

const declared = new Map<ClassConstructor<object>, boolean>();

function isDeclared(type: ClassConstructor<object>): boolean {
  let is = declared.get(type);
  if (is === undefined) declared.set(type, (is = declaredFields(type).size > 0 || hasRules(type)));
  return is;
}

/** A class may also use class-validator's own decorators; then it takes members that it does not name. */
function hasRules(type: ClassConstructor<object>): boolean {
  return getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0;
}

/** A body may hold a hundred thousand fields that nobody knows: to find the right name for each takes a second. */
const MOST_FAULTS = 100;

function unknownFields(type: ClassConstructor<object>, value: object, base: string): Fault[] {
  const faults: Fault[] = [];
  collectUnknown(type, value, base, faults);
  return faults;
}

function collectUnknown(type: ClassConstructor<object>, value: object, base: string, faults: Fault[]): void {
  const fields = declaredFields(type);
  if (fields.size === 0) return;
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (faults.length >= MOST_FAULTS) return;
    const pointer = `${base}/${escapePointer(name)}`;
    const field = fields.get(name);
    if (!field) faults.push(unknownField(type, name, pointer));
    else if (field.of) collectInside(field.of, member, pointer, faults);
  }
}

function collectInside(
  of: ClassConstructor<object>,
  member: unknown,
  pointer: string,
  faults: Fault[],
): void {
  if (Array.isArray(member)) {
    for (const [index, item] of member.entries()) collectInside(of, item, `${pointer}/${index}`, faults);
  } else if (isJsonObject(member)) collectUnknown(of, member, pointer, faults);
}

function unknownField(type: ClassConstructor<object>, name: string, pointer: string): Fault {
  const why = reasonWithout(type, name);
  const hint = why === undefined ? meantField(name, [...declaredFields(type).keys()]) : ` ${why}`;
  return { pointer, detail: `There is no field "${name}".${hint}`, code: 'unknown_field' };
}

function faultsOf(error: ValidationError, base: string): Fault[] {
  const { property, children = [] } = error;
  const pointer = `${base}/${escapePointer(property)}`;
  const own = tellingRules(error).map(([rule, detail]) => ({ pointer, detail, code: snakeCase(rule) }));
  return [...own, ...children.flatMap((child) => faultsOf(child, pointer))];
}

/** What is no list, or is not there at all, breaks every rule of its field: the one that says so is enough. */
function tellingRules({ property, value, target, constraints = {} }: ValidationError): [string, string][] {
  const rules = Object.entries(constraints);
  if (value === undefined && rules.length > 0) {
    const kind = KINDS.find((each) => constraints[each] !== undefined);
    // A rule with words of its own says what to send.
    if (kind === undefined) return rules.slice(0, 1);
    const field = declaredFields(target?.constructor as ClassConstructor<object>).get(property);
    return [[kind, missing(property, field, constraints[kind] ?? '')]];
  }
  if (constraints.isArray !== undefined) return [['isArray', constraints.isArray]];
  return rules.filter(([rule]) => rule !== 'nestedValidation' || rules.length === 1);
}

/** The rules that say what kind of value a field takes, those of lists first. */
const KINDS = ['isArray', 'isObject', 'isString', 'isInt', 'isNumber', 'isBoolean', 'isIn'];

/** RFC 6901. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
