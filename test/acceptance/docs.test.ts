import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync, readdirSync } from 'node:fs';
import { type App, startApp } from '../support/start-app.js';

const PAGES = ['/', '/docs', '/redoc'];

/** Attributes by which a page loads something, or leads somewhere. */
const REFERENCE = /\b(?:src|href)=["']([^"']+)["']/g;

describe('the documentation', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('docs', { workers: 0 });
  });
  afterAll(() => app.stop());

  test('serves the OpenAPI document that is committed', async () => {
    const { headers, body } = await app.client.get('/openapi.json');
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
    expect(body.openapi).toBe('3.1.0');
  });

  test('gives requests of each job type that work as they are', async () => {
    const { body: document } = await app.client.get('/openapi.json');
    const { body } = await app.client.get('/job-types');
    const { examples } = document.paths['/jobs'].post.requestBody.content['application/json'];
    const { examples: payloads } =
      document.paths['/tasks/{type}'].post.requestBody.content['application/json'];
    const names = (body.job_types as { type: string }[]).map(({ type }) => type);
    // Only the service itself makes jobs of these.
    const internal = ['bulk_operation', 'deliver_webhook'];
    expect(names.filter((type) => !(type in examples))).toEqual(internal);
    for (const type of names.filter((name) => !internal.includes(name))) {
      expect(examples[type].value.type).toBe(type);
      for (const [path, request] of [
        ['/jobs', examples[type].value],
        [`/tasks/${type}`, payloads[type].value],
      ]) {
        const { status, body: answer } = await app.client.post(path, request);
        // Some types are unique by themselves, and the job of the first request answers for the second.
        expect([type, status === 200 ? 201 : status, typeof answer.job_id]).toEqual([type, 201, 'string']);
      }
    }
  });

  test.each<[object, string | undefined]>([
    [{ type: 'echo', payload: { a: 1 } }, 'CreateEchoJob'],
    [{ type: 'hello_world', payload: {}, priority: 1 }, 'CreateEchoJob'],
    [{ type: 'fetch-joke', payload: { category: 'dev' } }, 'CreateFetchAndCacheJokeJob'],
    [{ type: 'fetch-joke', payload: { category: 5 } }, undefined],
    [{ type: 'fetch-joke', payload: { kategory: 'dev' } }, undefined],
    [{ type: 'fetch-joke' }, undefined],
    [{ type: 'echo', payload: {}, priority: 99 }, undefined],
    [{ payload: {} }, 'CreateOtherJob'],
    [{ type: 'of_another_build', payload: {} }, 'CreateOtherJob'],
    [{}, undefined],
  ])('says what a submission of a type looks like: %j is %s', async (body, expected) => {
    const { body: document } = await app.client.get('/openapi.json');
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(document, 'api');
    const fits = (name: string) => ajv.validate({ $ref: `api#/components/schemas/${name}` }, body);
    const { oneOf, discriminator } = document.components.schemas.CreateJobOfType;
    const references: { $ref: string }[] = [...oneOf, { $ref: '/CreateOtherJob' }];
    const names = references.map(({ $ref }) => $ref.slice($ref.lastIndexOf('/') + 1));
    expect(names.filter(fits)).toEqual(expected === undefined ? [] : [expected]);
    expect(fits('CreateJobRequest')).toBe(expected !== undefined);
    const { type = '' } = body as { type?: string };
    if (expected && expected !== 'CreateOtherJob')
      expect(discriminator.mapping[type]).toMatch(`/${expected}`);
  });

  test.each(PAGES)('%s is a page that loads nothing but what this server has', async (path) => {
    const page = await fetch(app.api.ready + path);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const references = [...(await page.text()).matchAll(REFERENCE)].map(([, url]) => url!);
    expect(references.length).toBeGreaterThan(2);
    for (const reference of references) {
      expect(reference).toMatch(/^(\/|\.\/)/);
      expect((await fetch(new URL(reference, app.api.ready + path))).status).toBe(200);
    }
  });

  test.each(PAGES)('%s may run and load only what is local, over plain HTTP too', async (path) => {
    const { headers } = await fetch(app.api.ready + path);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|upgrade-insecure-requests|unsafe-eval/);
  });

  test('names no other server in what we wrote ourselves', () => {
    for (const file of readdirSync('public')) {
      const text = readFileSync(`public/${file}`, 'utf8').replaceAll('http://www.w3.org/2000/svg', '');
      expect(text.match(/(?:https?:)?\/\/(?!127\.0\.0\.1)[a-z0-9-]+\.[a-z]+/gi) ?? []).toEqual([]);
    }
  });

  test.each(['/jobs', '/nowhere', '/'])('says in its answer to %s what helmet advises', async (path) => {
    const { headers } = await fetch(app.api.ready + path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('forbids everything in answers that are no page', async () => {
    const { headers } = await app.client.get('/jobs');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; base-uri 'none'; [^;]+; [^;]+$/,
    );
  });

  test('tells the page at / what is running', async () => {
    const { headers, body } = await app.client.get('/overview.json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ version: expect.any(String), database: 'up', workers_alive: 0, running: 0 });
    expect(body.waiting).toEqual(expect.any(Number));
  });
});
