import { OmitType } from '@nestjs/swagger';
import type { ClassConstructor } from 'class-transformer';
import { declaredFields, declareFields } from './fields.js';

/** A class to extend: another request, but for some of its fields. */
export function Without<T extends object, K extends keyof T & string>(
  type: ClassConstructor<T>,
  names: readonly K[],
): ClassConstructor<Omit<T, K>> {
  const rest = OmitType(type, names) as ClassConstructor<Omit<T, K>>;
  const kept = [...declaredFields(type)].filter(([name]) => !names.includes(name as K));
  declareFields(rest, new Map(kept));
  return rest;
}
