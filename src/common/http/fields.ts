import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type ClassConstructor, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';

/**
 * One decorator a field: it is the validation and the documentation at once, so that the two cannot differ.
 */
interface Field {
  readonly description: string;
  readonly example?: unknown;
  /** May be left out: always, or when this holds of the object it stands in. */
  readonly optional?: boolean | ((of: never) => boolean);
  /** May be null. */
  readonly nullable?: boolean;
  /** What holds when it is left out, for the documentation. */
  readonly default?: unknown;
}

/** A whole number from `min` to `max`, both included. */
export function Integer(field: Field & { min: number; max: number }): PropertyDecorator {
  const { min, max } = field;
  return declare(field, { type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));
}

/** A number from `min` to `max`, both included. */
export function Decimal(field: Field & { min: number; max: number }): PropertyDecorator {
  const { min, max } = field;
  const finite = IsNumber({ allowNaN: false, allowInfinity: false });
  return declare(field, { type: 'number', minimum: min, maximum: max }, finite, Min(min), Max(max));
}

interface TextField extends Field {
  readonly minLength?: number;
  readonly maxLength: number;
  readonly pattern?: RegExp;
  /** What the pattern asks for, in words. */
  readonly patternSays?: string;
  readonly format?: string;
}

/** Text of a bounded length, in characters. */
export function Text(field: TextField): PropertyDecorator {
  const { minLength = 0, maxLength, pattern, patternSays, format } = field;
  const schema = {
    type: 'string',
    maxLength,
    ...(minLength > 0 ? { minLength } : {}),
    ...(pattern ? { pattern: pattern.source } : {}),
    ...(format ? { format } : {}),
  } as const;
  const rules = [IsString(), IsStorableText(), MinLength(minLength), MaxLength(maxLength)];
  if (pattern)
    rules.push(Matches(pattern, { message: `$property ${patternSays ?? `must match ${pattern.source}`}` }));
  return declare(field, schema, ...rules);
}

/** PostgreSQL takes neither NUL nor half of a surrogate pair; in a query they arrive percent-encoded. */
function IsStorableText(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) =>
    typeof value !== 'string' || (!value.includes('\0') && value.isWellFormed());
  const defaultMessage = () => '$property must not hold a NUL character or half of a surrogate pair';
  return ValidateBy({ name: 'isStorableText', validator: { validate, defaultMessage } }, options);
}

/** True or false. */
export function Truth(field: Field): PropertyDecorator {
  return declare(field, { type: 'boolean' }, IsBoolean());
}

/**
 * One word of a list; of an answer whose list is `open`, callers must expect words that are new to them.
 */
export function Choice(field: Field & { choices: readonly string[]; open?: true }): PropertyDecorator {
  const { choices, open } = field;
  const schema = { type: 'string', enum: [...choices], ...(open ? { 'x-open-enum': true } : {}) };
  return declare(field, schema, IsIn([...choices]));
}

/** A list of texts. */
export function TextList(field: Field & { maxItems: number; maxLength: number }): PropertyDecorator {
  const { maxItems, maxLength } = field;
  const each = { each: true };
  const schema = { type: 'array', items: { type: 'string', minLength: 1, maxLength }, maxItems } as const;
  const rules = [
    IsArray(),
    ArrayMaxSize(maxItems),
    IsString(each),
    IsStorableText(each),
    MinLength(1, each),
    MaxLength(maxLength, each),
  ];
  return declare(field, schema, ...rules);
}

/** Any JSON object. */
export function JsonObjectField(field: Field): PropertyDecorator {
  return declare(field, { type: 'object', additionalProperties: true }, IsObject());
}

/** An object of a class of its own. */
export function Nested(field: Field & { of: ClassConstructor<object> }): PropertyDecorator {
  const { of } = field;
  return applyDecorators(
    remember({ field, schema: {}, of }),
    document(field, { type: () => of }),
    ...presence(field),
    IsObject(),
    ValidateNested(),
    Type(() => of),
  );
}

/** A list of objects of a class of their own, each checked as one. */
export function NestedList(
  field: Field & { of: ClassConstructor<object>; maxItems: number },
): PropertyDecorator {
  const { of, maxItems } = field;
  const schema = { type: 'array', maxItems } as const;
  return applyDecorators(
    remember({ field, schema, of }),
    document(field, { type: () => [of], maxItems }),
    ...presence(field),
    IsArray(),
    ArrayMaxSize(maxItems),
    IsObject({ each: true }),
    ValidateNested(),
    Type(() => of),
  );
}

/** A list of objects of a class of their own; for answers. */
export function ListOf(field: Field & { of: ClassConstructor<object> }): PropertyDecorator {
  const { of } = field;
  const schema = { type: 'array', items: { $ref: `#/components/schemas/${of.name}` } };
  return applyDecorators(
    remember({ field, schema }),
    document(field, { type: () => [of] }),
    ...presence(field),
    IsArray(),
  );
}

/** Declares any other shape: the schema as documented and the rules that check it. */
export function declare(
  field: Field,
  schema: Record<string, unknown>,
  ...rules: PropertyDecorator[]
): PropertyDecorator {
  return applyDecorators(remember({ field, schema }), document(field, schema), ...presence(field), ...rules);
}

/** A field as it was declared. */
export interface DeclaredField {
  readonly field: Field;
  readonly schema: Record<string, unknown>;
  /** The class of a nested object, or of the objects of a list. */
  readonly of?: ClassConstructor<object>;
}

const FIELDS = Symbol('fields');

/** The fields of a class, in the order they were declared. */
export function declaredFields(type: ClassConstructor<object>): ReadonlyMap<string, DeclaredField> {
  return (Reflect.getMetadata(FIELDS, type) as Map<string, DeclaredField> | undefined) ?? new Map();
}

function remember(declared: DeclaredField): PropertyDecorator {
  return (prototype, name) => {
    const type = prototype.constructor as ClassConstructor<object>;
    declareFields(type, new Map(declaredFields(type)).set(String(name), declared));
  };
}

/** Says what the fields of a class are, instead of those it inherits. */
export function declareFields(
  type: ClassConstructor<object>,
  fields: ReadonlyMap<string, DeclaredField>,
): void {
  Reflect.defineMetadata(FIELDS, fields, type);
}

function document(field: Field, schema: object): PropertyDecorator {
  const { description, example, optional = false, nullable = false } = field;
  return ApiProperty({
    ...schema,
    description,
    required: !optional,
    ...(nullable ? { nullable: true } : {}),
    ...(example === undefined ? {} : { example }),
    ...(field.default === undefined ? {} : { default: field.default }),
  });
}

/** The rules apply unless the field is absent, or null, and may be. */
function presence({ optional = false, nullable = false }: Field): PropertyDecorator[] {
  const mayBeAbsent = (of: object) =>
    typeof optional === 'function' ? (optional as (of: object) => boolean)(of) : optional;
  return [
    ValidateIf(
      (of: object, value: unknown) =>
        !(value === undefined && mayBeAbsent(of)) && !(nullable && value === null),
    ),
  ];
}
