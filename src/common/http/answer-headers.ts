interface Header {
  readonly description: string;
  readonly required?: true;
  readonly schema: { readonly type: 'string' | 'integer' };
}

const text = (description: string): Header => ({ description, schema: { type: 'string' } });

/** What is said of the headers of answers. */
const HEADERS = {
  Location: text('Where it is read.'),
  ETag: text('Its version: for `If-None-Match` of a read, and for `If-Match` of an edit where there is one.'),
  'Idempotent-Replayed': text('`true` when the same request had been answered before.'),
  'Preference-Applied': text('How long was waited for at most, such as `wait=10`.'),
  'Accept-Ranges': text('Always `bytes`: parts can be asked for.'),
  'Content-Range': text('Which bytes these are, of how many.'),
  'Content-Disposition': text('The name to save it under.'),
  Allow: text('The methods that the address answers.'),
  'WWW-Authenticate': text('That a key or a token is to be sent, and how.'),
  'Retry-After': { description: 'Seconds until it is worth asking again.', schema: { type: 'integer' } },
} as const satisfies Record<string, Header>;

/** A header that an answer may have beside those that every answer has. */
export type AnswerHeader = keyof typeof HEADERS;

/** The member `headers` of a documented answer; nothing where it has none. */
export function documentedHeaders(
  always: readonly AnswerHeader[],
  maybe: readonly AnswerHeader[],
): { headers?: Record<string, Header> } {
  const all: [string, Header][] = [
    ...always.map((name): [string, Header] => [name, { ...HEADERS[name], required: true }]),
    ...maybe.map((name): [string, Header] => [name, HEADERS[name]]),
  ];
  return all.length > 0 ? { headers: Object.fromEntries(all) } : {};
}
