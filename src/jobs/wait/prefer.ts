/** The longest wait a caller may ask for, in seconds. */
const LONGEST_WAIT = 60;

/** One preference: a name, perhaps a value as a token or a quoted text, perhaps parameters (RFC 7240). */
const PREFERENCE =
  /^\s*([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]*)))?\s*(?:;.*)?$/;

/** What stands between commas; a comma within quotes is none. */
const ITEMS = /(?:"(?:[^"\\]|\\.)*(?:"|$)|[^,"])+/g;

/**
 * How long the caller prefers to wait, in seconds: `Prefer: wait=N`, at most 60. Undefined when it doesn't say, or
 * says what makes no sense: a preference is a wish, never an error. Of several, the first counts.
 */
export function preferredWait(header: string | undefined): number | undefined {
  for (const preference of header?.match(ITEMS) ?? []) {
    const [, name, quoted, token] = PREFERENCE.exec(preference) ?? [];
    if (name?.toLowerCase() === 'wait') return toSeconds(quoted ?? token ?? '');
  }
  return undefined;
}

function toSeconds(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const seconds = Math.min(LONGEST_WAIT, Number(text));
  return seconds >= 1 ? seconds : undefined;
}
