/** Text that PostgreSQL takes: what it cannot store, NUL and halves of surrogate pairs, is replaced. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** The text in at most so many bytes of UTF-8, cut between characters; one that was cut ends with `mark`. */
export function cutToBytes(text: string, most: number, mark = '…'): string {
  if (text.length <= most && Buffer.byteLength(text) <= most) return text;
  const bytes = Buffer.from(text.slice(0, most)).subarray(0, most - Buffer.byteLength(mark));
  // Half a character at the cut would become three bytes of its own.
  return `${bytes.toString('utf8').replace(/\ufffd$/, '')}${mark}`;
}

/** The first of the words as a list, and how many more there are. */
export function listed(words: readonly string[], most: number): string {
  const more = words.length > most ? ` and ${words.length - most} more` : '';
  return words.slice(0, most).join(', ') + more;
}

/** What a terminal shows of a text that others wrote: what would steer it, or turn the order of its letters, is written out. */
export function printableText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
