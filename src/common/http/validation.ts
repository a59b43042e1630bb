import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { type ValidationError, getMetadataStorage, validate } from 'class-validator';
import { type Fault, invalid } from '../errors.js';
import { didYouMean } from '../nearest.js';

/** Class-validator's names of two rules that deserve words of their own. */
const UNKNOWN_FIELD = 'whitelistValidation';

/** Turns bodies and queries into instances of their class, or says everything that is wrong with them. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (!metatype || !hasRules(metatype)) return value;
    // A query consists of texts; a body has types of its own, and "5" is not a number there.
    return toValid(metatype as ClassConstructor<object>, value, { convert: type === 'query' });
  }
}

/**
 * An instance of the class made from the value; a class without rules takes any object.
 * @param base where in the whole request the value stands, as a JSON pointer
 * @throws DomainError validation_failed with every fault
 */
export async function toValid<T extends object>(
  type: ClassConstructor<T>,
  value: unknown,
  { convert = false, base = '' }: { convert?: boolean; base?: string } = {},
): Promise<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const where = base === '' ? 'The body' : `The value at ${base}`;
    throw invalid('validation_failed', [
      { pointer: base, detail: `${where} must be a JSON object`, code: 'not_an_object' },
    ]);
  }
  const instance = plainToInstance(type, value, { enableImplicitConversion: convert });
  if (!hasRules(type)) return instance;
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
  });
  if (errors.length > 0)
    throw invalid(
      'validation_failed',
      errors.flatMap((error) => faultsOf(error, base)),
    );
  return instance;
}

function hasRules(type: object): boolean {
  return (
    typeof type === 'function' &&
    getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0
  );
}

function faultsOf(error: ValidationError, base: string): Fault[] {
  const pointer = `${base}/${escapePointer(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
    faultOf(rule, message, error, pointer),
  );
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, pointer))];
}

function faultOf(rule: string, message: string, error: ValidationError, pointer: string): Fault {
  if (rule !== UNKNOWN_FIELD) return { pointer, detail: message, code: snakeCase(rule) };
  const known = error.target ? declaredFields(error.target.constructor) : [];
  const detail = `There is no field "${error.property}".${didYouMean(error.property, known)}`;
  return { pointer, detail, code: 'unknown_field' };
}

function declaredFields(type: object): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type as never, '', false, false);
  return [...new Set(metadata.map((rule) => rule.propertyName))];
}

/** RFC 6901. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
