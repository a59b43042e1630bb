import { OmitType } from '@nestjs/swagger';
import type { ClassConstructor } from 'class-transformer';
import { declaredFields, declareFields } from './fields.js';

const REASONS = Symbol('reasons');

/**
 * A class to extend: another request, but for some of its fields.
 * @param reasons why each is not there, in a sentence; whoever sends one is told
 */
export function Without<T extends object, K extends keyof T & string>(
  type: ClassConstructor<T>,
  reasons: Readonly<Record<K, string>>,
): ClassConstructor<Omit<T, K>> {
  const names = Object.keys(reasons) as K[];
  const rest = OmitType(type, names) as ClassConstructor<Omit<T, K>>;
  const kept = [...declaredFields(type)].filter(([name]) => !names.includes(name as K));
  declareFields(rest, new Map(kept));
  Reflect.defineMetadata(REASONS, new Map(Object.entries(reasons)), rest);
  return rest;
}

/** Why a class that was made without a field has not got it, or undefined. */
export function reasonWithout(type: ClassConstructor<object>, name: string): string | undefined {
  return (Reflect.getMetadata(REASONS, type) as Map<string, string> | undefined)?.get(name);
}
