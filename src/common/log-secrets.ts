/** What a secret looks like in the middle of a text: with its beginning, which may stay. */
const SHAPES: readonly RegExp[] = [
  // The password of an address.
  /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  // What follows the word in a sentence, such as "authentication", stays.
  /(\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC) )(?:(?=[a-z.~+/=-]{0,7}[\dA-Z_])[\w.~+/=-]{8,}|[\w.~+/=-]{20,})/g,
  // A JSON Web Token; not looked for in the middle of one, which would take as long as there are beginnings.
  /((?<![\w-])eyJ)[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]{8,4096}/g,
  /(\brhl_)[\w-]{8,}/g,
  /(\brh_)\w{24,}/g,
  /(\bwhsec_)[\w+/=-]{8,}/g,
];

/** How many errors behind an error are told. */
const DEEPEST = 3;

/** The text, without what is known to be secret by its form. */
export function withoutSecrets(text: string): string {
  return SHAPES.reduce((rest, shape) => rest.replace(shape, '$1[Redacted]'), text);
}

/** An error as it is logged. Libraries hang whole requests, with their headers, on their errors: those stay out. */
export function toLoggedError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return {
    type: name,
    message: withoutSecrets(message),
    ...code,
    ...(stack === undefined ? {} : { stack: withoutSecrets(stack) }),
    ...(cause === undefined || depth >= DEEPEST ? {} : { cause: toLoggedError(cause, depth + 1) }),
  };
}
