import { declare, says } from '../../common/http/index.js';
import { parseMailbox } from '../../common/index.js';
import { isJsonObject } from '../../common/json-object.js';

/** Characters of an address with its name. */
const LONGEST_MAILBOX = 500;
const LONGEST_HEADER = 1_000;
const MOST_HEADERS = 20;
const OWN_HEADER = /^X-[A-Za-z0-9-]{1,70}$/i;

interface MailField {
  readonly description: string;
  readonly example?: unknown;
  readonly optional?: boolean | ((of: never) => boolean);
}

/** One address, with a name or without. */
export function Address(field: MailField): PropertyDecorator {
  const rule = says('isMailbox', (value) =>
    isMailbox(value)
      ? undefined
      : '$property must be an address such as "ada@example.org" or "Ada Lovelace <ada@example.org>"',
  );
  return declare(field, { type: 'string', maxLength: LONGEST_MAILBOX }, rule);
}

/** A list of addresses. */
export function Addresses(
  field: MailField & { readonly least: number; readonly most: number },
): PropertyDecorator {
  const { least, most } = field;
  const schema = { type: 'array', items: { type: 'string', maxLength: LONGEST_MAILBOX } };
  const rule = says('areMailboxes', (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      return `$property must be a list of ${least} to ${most} addresses, such as ["ada@example.org"]`;
    const wrong = value.findIndex((item) => !isMailbox(item));
    return wrong < 0
      ? undefined
      : `$property[${wrong}] must be an address such as "ada@example.org" or "Ada Lovelace <ada@example.org>"`;
  });
  return declare(field, { ...schema, minItems: least, maxItems: most }, rule);
}

/** What stands in one line of a header: a line break in it would begin another. */
export function HeaderText(field: MailField & { readonly maxLength: number }): PropertyDecorator {
  const { maxLength } = field;
  const rule = says('isHeaderText', (value) => {
    const fault = headerTextFault(value, maxLength);
    return fault && `$property ${fault}`;
  });
  return declare(field, { type: 'string', minLength: 1, maxLength }, rule);
}

/** Headers of the sender's own. */
export function OwnHeaders(field: MailField): PropertyDecorator {
  const schema = {
    type: 'object',
    propertyNames: { pattern: OWN_HEADER.source },
    additionalProperties: { type: 'string', minLength: 1, maxLength: LONGEST_HEADER },
    maxProperties: MOST_HEADERS,
  };
  return declare(field, schema, says('areOwnHeaders', ownHeadersFault));
}

function isMailbox(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_MAILBOX && parseMailbox(value) !== undefined;
}

function headerTextFault(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > longest)
    return `must be text of 1 to ${longest} characters`;
  if (/\p{Cc}/u.test(value) || !value.isWellFormed())
    return 'must be one line: no line breaks, tabs or other control characters';
  return undefined;
}

function ownHeadersFault(value: unknown): string | undefined {
  if (!isJsonObject(value)) return '$property must be an object such as {"X-Campaign": "spring"}';
  const headers = Object.entries(value);
  if (headers.length > MOST_HEADERS) return `$property may hold ${MOST_HEADERS} headers at most`;
  for (const [name, text] of headers) {
    if (!OWN_HEADER.test(name))
      return `$property may hold headers that begin with X- and consist of letters, digits and "-", unlike ${JSON.stringify(name.slice(0, 80))}`;
    const fault = headerTextFault(text, LONGEST_HEADER);
    if (fault) return `$property: ${name} ${fault}`;
  }
  return undefined;
}
