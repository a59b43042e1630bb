/**
 * What can drive a terminal or turn the order of letters around: C0 and C1 controls, DEL, marks and overrides of
 * direction (bidi), separators of lines, what has no width, and tags.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const LINE_BREAKS = /\r\n|[\n\r\u2028\u2029]/g;

/** Text from elsewhere as one line that a terminal only shows: line breaks and tabs are spaces, the rest is spelled out. */
export function plainLine(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replaceAll('\t', ' ').replace(UNSEEN, escaped);
}

/** The same for text that keeps its lines and tabs. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, (found) => (found === '\n' || found === '\t' ? found : escaped(found)));
}

/** A JSON document with the same value that a terminal only shows. */
export function safeJson(value: unknown, indent?: number): string {
  // Line breaks of the document itself stay; JSON has escaped those of its texts.
  return JSON.stringify(value, undefined, indent).replace(UNSEEN, (found) =>
    found === '\n' ? found : units(found),
  );
}

function escaped(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : units(found);
}

function units(found: string): string {
  return [...Array(found.length).keys()]
    .map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
