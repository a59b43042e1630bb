import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { isForProbes } from '../common/http/index.js';

const METHODS_WITH_BODY = ['post', 'put', 'patch', 'delete'] as const;

/** A body is read before the operation is reached, also where none is asked for. */
const BODY_PROBLEMS = [400, 413, 415, 422];

/** Badly encoded, or longer than anything that has a name here. */
const PATH_PROBLEMS = [400, 404];

/** Where a key is needed: none, a wrong one, or one that may not do this. */
const ACCESS_PROBLEMS = [401, 403];

/** From pages of other sites, or under a name that anybody could give this server. */
const SITE_PROBLEMS = [403, 421];

/** From whoever asks too often, asks too much, or fills a queue. */
const LIMIT_PROBLEMS = [429];

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds until it is worth asking again.', schema: { type: 'integer' } },
};

type Responses = Record<string, unknown>;

/** Adds the problems that any operation of a kind can answer, because they are found before it is reached. */
export function addCommonProblems(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', ...METHODS_WITH_BODY] as const) {
      const responses = item[method]?.responses as Responses | undefined;
      if (!responses) continue;
      if (!isForProbes(path)) add(responses, LIMIT_PROBLEMS);
      add(responses, SITE_PROBLEMS);
      if (item[method]?.security) add(responses, ACCESS_PROBLEMS);
      if (path.includes('{')) add(responses, PATH_PROBLEMS);
      if (method !== 'get') add(responses, BODY_PROBLEMS);
    }
  }
  return document;
}

function add(responses: Responses, statuses: readonly number[]): void {
  for (const status of statuses) {
    responses[String(status)] ??= {
      description: STATUS_CODES[status],
      ...(status === 429 ? { headers: RETRY_AFTER } : {}),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemResponse' } } },
    };
  }
}
