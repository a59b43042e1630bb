import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cli, documentOf } from '../support/cli.js';
import { type HttpPeer, startHttpPeer } from '../support/http-peer.js';
import { startLockedApp } from '../support/keys.js';
import type { App } from '../support/start-app.js';

describe('roundhouse with a service that asks for keys', () => {
  let locked: Awaited<ReturnType<typeof startLockedApp>>;
  let app: App;
  let cli: Cli;
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-cli-'));
  beforeAll(async () => {
    locked = await startLockedApp('cli keys');
    app = locked.app;
    cli = new Cli(app.api.ready);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await app?.stop();
  });

  const keyWith = async (...scopes: string[]) =>
    (await locked.allowed(...scopes)).Authorization.replace('Bearer ', '');

  test('takes the key from the environment or from a file, the file that is named before all', async () => {
    const key = await keyWith('jobs:read');
    const file = join(folder, 'key');
    writeFileSync(file, `${key}\n`);
    chmodSync(file, 0o600);
    for (const [name, value] of Object.entries({ ROUNDHOUSE_API_KEY: key, ROUNDHOUSE_API_KEY_FILE: file }))
      expect(await cli.with({ [name]: value }).run(['jobs', 'list', '--json'])).toMatchObject({
        code: 0,
        stderr: '',
      });
    const named = cli.with({ ROUNDHOUSE_API_KEY: 'rh_wrong' });
    expect(documentOf(await named.run(['jobs', 'list', '--json', '--api-key-file', file])).jobs).toEqual([]);
  });

  test('says what to do without a key, with a wrong one, and with one that may not', async () => {
    expect(await cli.run(['jobs', 'list'])).toEqual({
      code: 77,
      stdout: '',
      stderr: expect.stringMatching(
        /^[^\n]+ Set ROUNDHOUSE_API_KEY, or name the file that holds the key with --api-key-file\.\n$/,
      ),
    });
    const wrong = await cli.with({ ROUNDHOUSE_API_KEY: 'rh_wrong' }).run(['jobs', 'list']);
    expect(wrong).toMatchObject({ code: 77, stdout: '' });
    expect(wrong.stderr).not.toContain('rh_wrong');
    const reader = cli.with({ ROUNDHOUSE_API_KEY: await keyWith('jobs:read') });
    expect(await reader.run(['submit', 'echo', '{}'])).toMatchObject({
      code: 77,
      stderr: expect.stringMatching(
        /^This needs the scope jobs:submit, [^\n]+ "roundhouse keys create" makes one\.\n$/,
      ),
    });
  });

  test('takes no key as an argument, and shows none in a message', async () => {
    const argument = await cli.run(['jobs', 'list', '--api-key', 'rh_secret']);
    expect(argument).toMatchObject({ code: 2, stderr: expect.stringMatching(/ROUNDHOUSE_API_KEY/) });
    const broken = await cli.with({ ROUNDHOUSE_API_KEY: 'rh_se\ncret' }).run(['jobs', 'list']);
    expect(broken.code).toBe(78);
    expect(argument.stderr + broken.stderr).not.toMatch(/secret|cret\b/);
    expect(await cli.run(['jobs', 'list', '--api-key-file', '/no/such/key'])).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/^The API key cannot be read: ENOENT/),
    });
  });
});

describe('roundhouse with something else at the address', () => {
  let peer: HttpPeer;
  let cli: Cli;
  const problem = (status: number, detail: string, headers: Record<string, string> = {}) => ({
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: JSON.stringify({ status, title: 'x', code: 'x', detail, request_id: 'r-1' }),
  });
  let answer: { status: number; headers: Record<string, string>; body: string };
  beforeAll(async () => {
    peer = await startHttpPeer({
      '/jobs': (response) => response.writeHead(answer.status, answer.headers).end(answer.body),
    });
    cli = new Cli(peer.url);
  });
  afterAll(() => peer?.stop());

  test.each([
    [
      'asks to wait',
      problem(429, 'Too many requests', { 'Retry-After': '12' }),
      75,
      /^Too many requests\. Try again in 12 s\.\n$/,
    ],
    ['is overloaded', problem(503, 'Busy', { 'Retry-After': '90' }), 75, /^Busy\. Try again in 1 min\.\n$/],
    ['is broken', problem(500, 'It broke'), 69, /^It broke\. The service's log tells more, under r-1\.\n$/],
    ['drives the terminal', problem(404, '\u001b[2Jnothing'), 1, /^\\u001b\[2Jnothing\.\n$/],
    [
      'is a website',
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
      69,
      /not as Roundhouse does/,
    ],
    [
      'points elsewhere',
      { status: 302, headers: { Location: 'https://elsewhere.example/jobs' }, body: '' },
      69,
      /answers with 302, and points to https:\/\/elsewhere\.example\/jobs, but not as Roundhouse does/,
    ],
  ])('that %s is told in one sentence', async (_, given, code, sentence) => {
    answer = given;
    const outcome = await cli.with({ ROUNDHOUSE_API_KEY: 'rh_key' }).run(['jobs', 'list']);
    expect(outcome).toEqual({ code, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(outcome.stderr.split('\n')).toHaveLength(2);
  });

  test('sends the key nowhere but to the address that was given', async () => {
    answer = { status: 307, headers: { Location: `${peer.url}/stolen` }, body: '' };
    await cli.with({ ROUNDHOUSE_API_KEY: 'rh_key' }).run(['jobs', 'list']);
    expect(peer.requests.at(-1)).toMatchObject({ url: '/jobs', headers: { authorization: 'Bearer rh_key' } });
    expect(peer.requests.some(({ url }) => url === '/stolen')).toBe(false);
  });

  test('that is nobody at all is told with what to do', async () => {
    const away = new Cli('http://127.0.0.1:1');
    for (const args of [
      ['jobs', 'list'],
      ['queues', 'show', 'x'],
      ['workers', 'list'],
    ])
      expect(await away.run(args)).toEqual({
        code: 69,
        stdout: '',
        stderr:
          'The service at http://127.0.0.1:1 cannot be reached: nothing listens there. Start it with "npm start" or "roundhouse serve", or say with ROUNDHOUSE_URL or --url where it is.\n',
      });
    expect((await away.run(['jobs', 'list', '--url', 'ftp://x'])).code).toBe(2);
    expect((await away.run(['jobs', 'list', '--url', 'http://me:secret@x'])).stderr).not.toContain('secret');
  });

  test('that gets a key in the clear is worth a warning', async () => {
    const { stderr } = await new Cli('http://no-such-host.invalid')
      .with({ ROUNDHOUSE_API_KEY: 'rh_key' })
      .run(['jobs', 'list']);
    expect(stderr).toMatch(
      /^Warning: the API key travels unencrypted to no-such-host\.invalid: use https:\/\/\.\n/,
    );
  });

  test('names of users lead nowhere else', async () => {
    await cli.run(['jobs', 'show', '../keys?x=']);
    expect(peer.requests.at(-1)?.url).toBe('/jobs/..%2Fkeys%3Fx%3D');
  });

  test('a reader that goes away ends it without a word', async () => {
    const jobs = Array.from({ length: 2_000 }, (_, n) => ({ job_id: `job ${n}`, type: 'x'.repeat(200) }));
    answer = {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ jobs, next_cursor: null }),
    };
    const { code, stdout, stderr } = await cli.shell(
      'roundhouse jobs list --all --json | head -n 1; exit ${PIPESTATUS[0]}',
    );
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(jobs[0]);
  });
});
