import type { OpenAPIObject } from '@nestjs/swagger';
import { type AnswerHeader, OWN_PROBLEMS, documentedHeaders } from '../common/http/index.js';
import { type ProblemCode, problems } from '../common/index.js';
import { operationsOf } from './operations.js';
import { problemCodesOf } from './problem-codes.js';
import { problemMembers } from './problem-members.js';

/** Codes that come together, so that their answers have names of a bearable length. */
const GROUPS: readonly (readonly [name: string, codes: readonly ProblemCode[]])[] = [
  ['UnreadableBody', ['malformed_json', 'forbidden_key', 'bad_encoding', 'bad_request']],
  ['InvalidBody', ['validation_failed', 'invalid_unicode', 'invalid_number', 'too_deep']],
  ['Unavailable', ['database_unavailable', 'issuer_unavailable', 'secrets_key_unavailable']],
  ['NoRoom', ['overloaded', 'storage_full']],
];

const HEADERS_BY_STATUS: Readonly<
  Record<number, { always?: readonly AnswerHeader[]; maybe?: readonly AnswerHeader[] }>
> = {
  401: { always: ['WWW-Authenticate'] },
  416: { always: ['Content-Range'] },
  429: { maybe: ['Retry-After'] },
  503: { maybe: ['Retry-After'] },
};

/** Adds to every operation the problems it can answer: one answer a status, with the codes it may have. */
export function addProblems(document: OpenAPIObject): OpenAPIObject {
  const answers: Record<string, object> = {};
  for (const placed of operationsOf(document)) {
    const { operation } = placed;
    for (const [status, codes] of byStatus(problemCodesOf(placed))) {
      const name = nameOf(codes);
      answers[name] = answerOf(status, codes);
      operation.responses[status] ??= { $ref: `#/components/responses/${name}` };
    }
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- it has been said
    delete operation[OWN_PROBLEMS];
  }
  const sorted = Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
  Object.assign(document.components ?? {}, { responses: Object.fromEntries(sorted) });
  return document;
}

/** In the order of the table of problems, so that the same codes are always the same answer. */
function byStatus(codes: ReadonlySet<ProblemCode>): Map<number, ProblemCode[]> {
  const sorted = (Object.keys(problems) as ProblemCode[]).filter((code) => codes.has(code));
  return Map.groupBy(sorted, (code) => problems[code].status);
}

function nameOf(codes: readonly ProblemCode[]): string {
  const rest = new Set(codes);
  const names = GROUPS.flatMap(([name, group]) => {
    if (!group.every((code) => rest.has(code))) return [];
    for (const code of group) rest.delete(code);
    return [name];
  });
  return [...names, ...[...rest].map(pascal)].join('Or');
}

function pascal(code: string): string {
  return code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function answerOf(status: number, codes: readonly ProblemCode[]): object {
  const { always = [], maybe = [] } = HEADERS_BY_STATUS[status] ?? {};
  return {
    description: codes.map((code) => `${problems[code].title} (\`${code}\`).`).join(' '),
    ...documentedHeaders(always, maybe),
    content: {
      'application/problem+json': {
        schema: schemaOf(status, codes),
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function schemaOf(status: number, codes: readonly ProblemCode[]): object {
  return {
    type: 'object',
    allOf: [{ $ref: '#/components/schemas/ProblemResponse' }],
    properties: {
      // Whoever meets a code that is new to them goes by the status.
      type: { enum: codes.map(typeOf), 'x-open-enum': true },
      title: { type: 'string' },
      status: { const: status },
      code: { enum: codes, 'x-open-enum': true },
      ...problemMembers(codes),
    },
  };
}

function exampleOf(code: ProblemCode): object {
  const { status, title } = problems[code];
  return {
    ...{ type: typeOf(code), title, status, detail: `${title}.`, instance: '/jobs', code },
    request_id: '9f1c2f5e-3a63-4bb5-9f4e-58a1ee0a7c9d',
  };
}

function typeOf(code: ProblemCode): string {
  return `urn:roundhouse:problem:${code}`;
}
