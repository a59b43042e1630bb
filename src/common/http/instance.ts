import type { ClassConstructor } from 'class-transformer';
import { isJsonObject } from '../json-object.js';
import { type DeclaredField, declaredFields } from './fields.js';

interface Making {
  /** The values are texts, as in a query: numbers are read from them. */
  readonly convert?: boolean;
  /** Members that the class does not declare are left out. */
  readonly onlyDeclared?: boolean;
}

/**
 * An instance of a class declared with the field decorators; of any other, with all members of the value.
 * Free JSON inside is taken over untouched: class-transformer would drop its members called "toString" and fail
 * at one called "constructor".
 */
export function toInstance<T extends object>(
  type: ClassConstructor<T>,
  value: object,
  making: Making = {},
): T {
  const fields = declaredFields(type);
  const takesAny = fields.size === 0 || !making.onlyDeclared;
  const instance = new type();
  for (const [name, member] of Object.entries(value)) {
    const field = fields.get(name);
    if (!field && !takesAny) continue;
    const own = field ? toMember(field, member, making) : (member as unknown);
    setMember(instance, name, own);
  }
  return instance;
}

/** Whatever the class or all objects have under that name, such as `__proto__`, is hidden and not called. */
function setMember(instance: object, name: string, value: unknown): void {
  if (name in instance)
    Object.defineProperty(instance, name, { value, writable: true, enumerable: true, configurable: true });
  else (instance as Record<string, unknown>)[name] = value;
}

function toMember({ of, schema }: DeclaredField, value: unknown, making: Making): unknown {
  if (of && Array.isArray(value)) return value.map((item: unknown) => toNested(of, item, making));
  if (of) return toNested(of, value, making);
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return making.convert && isNumber && typeof value === 'string' ? toNumber(value) : value;
}

/** What is no object stays as it is, for the rules to refuse. */
function toNested(of: ClassConstructor<object>, value: unknown, making: Making): unknown {
  return isJsonObject(value) ? toInstance(of, value, making) : value;
}

/** What is no number stays as it is, for the rules to refuse. */
function toNumber(text: string): unknown {
  return text.trim() === '' ? text : Number(text);
}
