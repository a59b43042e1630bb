/** What follows these words says which error it is: `status 404`, `exit code 137`, `HTTP/1.1 503`, `SQLSTATE 23505`. */
const TELLING = String.raw`(?:status(?:[ _-]?code)?|exit code|code|errno|sqlstate|http(?:\/\d(?:\.\d)?)?)`;

/** Marks a telling number, so that the rules for numbers and ids leave it alone; never part of a stored message. */
const KEPT = '\uE000';

const MONTH = String.raw`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*`;
const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?`;
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT)?(?:[+-]\d{2}:?\d{2})?(?: \([A-Za-z ]+\))?)?`;

/**
 * What differs between two occurrences of one error, in the order in which it is replaced: what contains other
 * things comes before them.
 */
const VARIABLE: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  // The colours of a terminal.
  [/\u001b\[[0-9;]*m/g, ''],
  [
    new RegExp(String.raw`\b(${TELLING})([ :=#]{0,3})(?=[0-9A-Z]*\d)([0-9A-Z]{1,5})\b`, 'gi'),
    `$1$2${KEPT}$3${KEPT}`,
  ],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>)\]]+/gi, normalUrl],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<email>'],
  [new RegExp(String.raw`\b\d{4}-\d{2}-\d{2}(?:[T ]${CLOCK}${ZONE})?`, 'g'), '<time>'],
  [
    new RegExp(
      String.raw`\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d{1,2} ${MONTH}|${MONTH} \d{1,2}),? \d{4},? ${CLOCK}${ZONE}`,
      'g',
    ),
    '<time>',
  ],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/"[^"\n]*"|`[^`\n]*`|“[^”\n]*”|«[^»\n]*»/g, '<text>'],
  // An apostrophe stands inside a word, a quotation mark at its edge.
  [/(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])/gu, '<text>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>'],
  [/(?<![\w:])(?:\[?(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\]?)(?::\d+)?(?![\w:])/gi, '<address>'],
  [/\b0x[0-9a-f]+\b/gi, '<id>'],
  [/(?<![\w-])(?=[\w-]*\d)[0-9a-f]{8,}(?![\w-])/gi, '<id>'],
  // Tokens and ids of other alphabets: long, and with three digits at least; ERR_HTTP2_STREAM_CANCEL is none.
  [/(?<![\w-])(?=(?:[\w-]*?\d){3})(?=[\w-]*[a-z])[\w-]{16,}={0,2}(?![\w-])/gi, '<id>'],
  [/(?<![\p{L}\p{N}_\uE000])[-+]?\d+(?:[.,_]\d+)*(?:e[-+]?\d+)?/giu, '#'],
  // A single digit at the end of a word is part of its name: utf8, s3, http2.
  [/(?<=[\p{L}_])\d{2,}/gu, '#'],
];

/** Longer messages carry whole documents along. */
const LONGEST = 300;

/**
 * What an error's message says wherever and whenever it occurs: without the numbers, ids, addresses, times and
 * quoted texts of one occurrence. Status and exit codes stay: 404 is not 503.
 */
export function normalMessage(message: string): string {
  const normal = VARIABLE.reduce(
    // Both kinds of replacement are one method, which TypeScript has as two.
    (text, [pattern, replacement]) => text.replace(pattern, replacement as string),
    message.replaceAll(KEPT, ''),
  );
  return normal.replaceAll(KEPT, '').replace(/\s+/g, ' ').trim().slice(0, LONGEST);
}

/** Scheme, host and path; a part of the path with a digit in it is an id, and who is asked as whom varies. */
function normalUrl(url: string): string {
  const [, scheme = '', host = '', path = ''] = /^([^:]+):\/\/(?:[^/@]*@)?([^/?#]*)([^?#]*)/.exec(url) ?? [];
  const parts = path.split('/').map((part) => (/\d/.test(part) && !/^v\d$/i.test(part) ? '<id>' : part));
  return `${scheme}://${host}${parts.join('/')}`;
}
