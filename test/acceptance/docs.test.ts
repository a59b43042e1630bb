import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

  test('gives a request for /jobs that works as it is', async () => {
    const { body: document } = await app.client.get('/openapi.json');
    const { example } = document.paths['/jobs'].post.requestBody.content['application/json'];
    const { status, body } = await app.client.post('/jobs', example);
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'PENDING' } });
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
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
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
