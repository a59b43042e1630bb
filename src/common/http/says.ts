import { ValidateBy } from 'class-validator';

/** A rule whose fault is told in words of its own; it may look at the whole object, `of`, too. */
export function says(
  name: string,
  faultOf: (value: unknown, of: never) => string | undefined,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown, told) => faultOf(value, told?.object as never) === undefined,
      defaultMessage: (told) => faultOf(told?.value, told?.object as never) ?? '',
    },
  });
}
