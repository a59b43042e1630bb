/** A sender or recipient of mail: an address, and the name shown beside it. */
export interface Mailbox {
  /** Empty when there is none. */
  readonly name: string;
  readonly address: string;
}

/** A text with anything in it that could end a header line or steer a terminal. */
const CONTROL_CHARACTER = /\p{Cc}/u;

/** RFC 5321's longest local part and domain, in characters. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 253;

/** Also of letters beyond ASCII; quoted local parts and domains that are a number are of no use to anybody. */
const LOCAL_PART = /^[^\s".(),:;<>@[\\\]]+(?:\.[^\s".(),:;<>@[\\\]]+)*$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

/** `Name <address>` or `"Name" <address>`: whatever the name, there is one address, at the end. */
const NAMED = /^(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^"<>]*?))\s*<(?<address>[^<>]*)>$/u;

/** Reads `ada@example.org`, `Ada Lovelace <ada@example.org>` or `"Lovelace, Ada" <ada@example.org>`; else undefined. */
export function parseMailbox(text: string): Mailbox | undefined {
  if (CONTROL_CHARACTER.test(text) || !text.isWellFormed()) return undefined;
  const { quoted, plain = '', address = text } = NAMED.exec(text.trim())?.groups ?? {};
  const name = quoted?.replace(/\\(.)/gu, '$1') ?? plain;
  const trimmed = address.trim();
  return isAddress(trimmed) ? { name: name.trim(), address: trimmed } : undefined;
}

/** The part after the @, in the letters of the domain name system. */
export function domainOf({ address }: Mailbox): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return new URL(`http://${domain}`).hostname;
}

function isAddress(text: string): boolean {
  const [local = '', domain = '', ...others] = text.split('@');
  return (
    others.length === 0 &&
    local.length <= LONGEST_LOCAL_PART &&
    LOCAL_PART.test(local) &&
    domain.length <= LONGEST_DOMAIN &&
    domain.split('.').every((label) => DOMAIN_LABEL.test(label)) &&
    URL.canParse(`http://${domain}`)
  );
}
