import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { exchanges } from '../support/documents/exchanges.js';

const openapi = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, any> };
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(openapi, 'api');

/** The faults of what is shown, but for what it leaves out or only hints at. */
function faultsOf(pointer: string, shown: unknown): string[] {
  const validate = ajv.compile({ $ref: `api#${pointer}` });
  if (validate(shown)) return [];
  const hinted = ({ keyword, data }: ErrorObject & { data?: unknown }) =>
    keyword === 'required' || (typeof data === 'string' && data.includes('…'));
  return (validate.errors ?? [])
    .filter((error) => !hinted(error) && !['anyOf', 'oneOf', 'format', 'pattern'].includes(error.keyword))
    .map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The route of the API that is meant. */
function routeOf(method: string, path: string): string | undefined {
  const parts = path.split('/');
  return Object.keys(openapi.paths).find((route) => {
    const others = route.split('/');
    return (
      method in openapi.paths[route]! &&
      others.length === parts.length &&
      others.every((part, index) => part === parts[index] || part.startsWith('{'))
    );
  });
}

describe('requests and answers in documents', () => {
  test('are there', () => {
    expect(exchanges().length).toBeGreaterThan(1);
  });

  test.each(exchanges())('$where fits openapi.json', ({ method, path, body, status, answer }) => {
    const route = routeOf(method, path);
    expect([path, route]).toEqual([path, expect.any(String)]);
    const pointer = `/paths/${escaped(route!)}/${method}`;
    const json = `content/${escaped('application/json')}/schema`;
    if (body !== undefined) expect(faultsOf(`${pointer}/requestBody/${json}`, body)).toEqual([]);
    if (status !== undefined) expect(faultsOf(`${pointer}/responses/${status}/${json}`, answer)).toEqual([]);
    expect([body, answer]).not.toEqual([undefined, undefined]);
  });
});
