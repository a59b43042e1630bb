import { ValidateBy } from 'class-validator';

/** A rule whose fault is told in words of its own. */
export function says(name: string, faultOf: (value: unknown) => string | undefined): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => faultOf(value) === undefined,
      defaultMessage: (context) => faultOf(context?.value) ?? '',
    },
  });
}
