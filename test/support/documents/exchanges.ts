import { jsonOf } from './answers.js';
import { DOCUMENTS, blocksOf } from './blocks.js';

/** A request and its answer, as a document shows them beneath each other. */
export interface Exchange {
  readonly where: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number | undefined;
  readonly answer: unknown;
}

const REQUEST = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)\s*(\{[^]*?\})?\s*(?:^(\d{3})\s+(\{[^]*\})\s*)?$/m;

/** Every such block; what a receiver of webhooks gets names its version of HTTP, and is none. */
export function exchanges(): Exchange[] {
  return DOCUMENTS.flatMap(blocksOf).flatMap(({ document, line, text }) => {
    if (!/^(?:GET|POST|PUT|PATCH|DELETE) \/\S*\s*[{]/.test(text)) return [];
    const [, method = '', path = '', body, status, answer] = REQUEST.exec(text) ?? [];
    if (method === '') throw new Error(`${document}:${line} is no request with its answer`);
    return [
      {
        where: `${document}:${line}`,
        method: method.toLowerCase(),
        path,
        body: body === undefined ? undefined : jsonOf(body),
        status: status === undefined ? undefined : Number(status),
        answer: answer === undefined ? undefined : jsonOf(answer),
      },
    ];
  });
}
