import type { paths } from '../generated/api.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Every operation of the API, by its method and path as the documentation has them, such as `GET /jobs/{job_id}`. */
export type Route = {
  [Path in keyof paths]: {
    [M in Method]: paths[Path][M] extends Described ? `${Uppercase<M>} ${Path}` : never;
  }[Method];
}[keyof paths];

interface Described {
  readonly parameters: object;
  readonly responses: object;
}

type OperationOf<R extends Route> = R extends `${infer M} ${infer Path extends keyof paths}`
  ? paths[Path][Lowercase<M> & keyof paths[Path]]
  : never;

interface JsonBody {
  readonly content: { readonly 'application/json': unknown };
}

type BodyOf<Operation> = Operation extends { requestBody: infer Body extends JsonBody }
  ? { body: Body['content']['application/json'] }
  : Operation extends { requestBody?: infer Body }
    ? NonNullable<Body> extends JsonBody
      ? { body?: NonNullable<Body>['content']['application/json'] }
      : { body?: never }
    : { body?: never };

/** What a route takes: `path`, `query` and `header` by their names, and `body`. */
export type ArgumentsOf<R extends Route> =
  OperationOf<R> extends { parameters: infer Parameters }
    ? Omit<Parameters, 'cookie'> & BodyOf<OperationOf<R>>
    : never;

type Success = 200 | 201 | 202 | 204 | 206;

type ContentOf<Response> = Response extends { content: { 'application/json': infer Body } }
  ? Body
  : Response extends { content: { 'text/plain': infer Body } }
    ? Body
    : undefined;

/** What a route answers when all is well. */
export type AnswerOf<R extends Route> =
  OperationOf<R> extends { responses: infer Responses }
    ? { [Status in keyof Responses & Success]: ContentOf<Responses[Status]> }[keyof Responses & Success]
    : never;

/** Arguments as they are filled in while a program runs. */
export interface LooseArguments {
  readonly path?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly header?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

/**
 * The path with its parameters and the query, without a slash in front.
 * @throws TypeError for a parameter that would lead elsewhere, or is missing
 */
export function pathOf(template: string, { path = {}, query = {} }: LooseArguments): string {
  const filled = template.slice(1).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = textOf(path[name] ?? '');
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`"${value}" cannot be the ${name} of ${template}.`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    search.set(name, textOf(value));
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

const textOf = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : `${value as string | number | boolean}`;
