import { type SeenAnswer, answerFaults } from '../support/openapi/answer-faults.js';
import { document, operationAt } from '../support/openapi/operations.js';
import { AnswerWatch, watchAnswersOf } from '../support/openapi/watch-answers.js';

const JOB = '/jobs/01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';
const job = document.paths['/jobs/{job_id}'].get.responses[200].content['application/json'].example;
const problem = document.components.responses.NotFoundOrJobNotFound;

type Changes = Partial<Omit<SeenAnswer, 'body'>> & { body?: unknown };

/** An answer as documented, but for the changes. */
function faultsOf({ body = job, headers, ...changes }: Changes): string[] {
  return answerFaults({
    method: 'GET',
    url: `${JOB}?`,
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', etag: '"1"', date: 'now', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...changes,
  });
}

describe('an answer held against openapi.json', () => {
  test('is without fault when it is as documented', () => {
    expect(faultsOf({})).toEqual([]);
  });

  test.each<[string, Changes, string]>([
    ['has a status that is not documented', { status: 206 }, '206: the status is not documented: {"job_id"'],
    [
      'has a type that is not documented',
      { headers: { 'content-type': 'text/html' } },
      'the type text/html is not',
    ],
    ['lacks a header', { headers: { etag: undefined } }, 'the header etag is missing'],
    [
      'has a header that is not documented',
      { headers: { 'x-new': '1' } },
      'the header x-new is not documented: 1',
    ],
    ['is no JSON', { body: '{' }, 'no JSON: {'],
    ['has no body where one is documented', { body: '' }, 'no JSON: '],
    ['has a body where none is documented', { status: 304 }, 'a body where none is documented: {"job_id"'],
    ['lacks a member', { body: { ...job, status: undefined } }, '/ must have required property'],
    ['has a member of another type', { body: { ...job, attempts: '1' } }, '/attempts must be integer: "1"'],
    [
      'has a word that is not listed',
      { body: { ...job, status: 'LOST' } },
      '/status must be equal to one of',
    ],
    ['has a member besides', { body: { ...job, extra: 1 } }, 'must NOT have additional properties "extra"'],
    [
      'has a member besides further in',
      { body: { ...job, progress: { percent: 1, message: null, extra: 1 } } },
      '/progress must NOT have additional properties "extra"',
    ],
  ])('has a fault when it %s', (_, changes, told) => {
    const faults = faultsOf(changes);
    expect(faults[0]).toMatch(/^getJob \(GET \/jobs\/\{job_id\}\) → \d+: /);
    expect(faults.join('\n')).toContain(told);
  });

  test('of a result, which may be anything, has no fault', () => {
    for (const result of [null, 1, 1.5, 'x', [], {}, { a: { b: 1 } }])
      expect(faultsOf({ body: { ...job, result } })).toEqual([]);
  });

  describe('that is a problem', () => {
    const { value } = problem.content['application/problem+json'].examples.job_not_found;
    const headers = {
      'content-type': 'application/problem+json',
      'x-request-id': value.request_id,
      etag: undefined,
    };

    test('is without fault when it is as documented', () => {
      expect(faultsOf({ status: 404, headers, body: value })).toEqual([]);
    });

    test.each<[string, object, string]>([
      ['a code that the operation does not name', { code: 'key_not_found' }, '/code must be equal to one of'],
      ['another status than it is sent with', { status: 400 }, '/status must be equal to constant'],
      ['a member that is not documented', { extra: 1 }, 'must NOT have unevaluated properties "extra"'],
      ['the id of another request', { request_id: 'other' }, 'the request_id is not that of the header'],
    ])('has a fault when it has %s', (_, changes, told) => {
      expect(faultsOf({ status: 404, headers, body: { ...value, ...changes } }).join('\n')).toContain(told);
    });

    test('may come from before any operation was reached', () => {
      expect(faultsOf({ status: 431, headers })).toEqual([]);
    });
  });

  test('of an address that is not documented is nobody’s business', () => {
    expect(faultsOf({ url: '/docs', status: 418 })).toEqual([]);
  });
});

test.each([
  ['/jobs/batch', 'createJobs'],
  ['/jobs?limit=1', 'createJob'],
  ['/tasks/echo', 'createTask'],
])('POST %s is %s', (url, id) => {
  expect(operationAt('POST', url)?.id).toBe(id);
});

describe('whoever fetches', () => {
  const address = 'http://127.0.0.1:1';

  test('gets the whole answer, and the faults of watched addresses are kept until they are asked for', async () => {
    const watch = new AnswerWatch();
    const ask = watch.over(async () => new Response('{"a":1}', { status: 418 }));
    expect((await ask(`${address}/jobs`)).status).toBe(418);
    expect(await watch.faults()).toEqual([]);

    watchAnswersOf(`${address}/`);
    expect(await (await ask(`${address}/jobs`)).json()).toEqual({ a: 1 });
    expect(await (await ask(new URL(JOB, address), { method: 'POST' })).text()).toBe('{"a":1}');
    expect(await watch.faults()).toEqual([
      expect.stringMatching(/^listJobs \(GET \/jobs\) → 418: the status is/),
    ]);
    expect(await watch.faults()).toEqual([]);
  });
});
