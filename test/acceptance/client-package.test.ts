import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type MailServer, startMailServer } from '../support/mail-server.js';
import { type App, startApp } from '../support/start-app.js';

const run = promisify(execFile);
const CLIENT = resolve('clients/typescript');

/** As strict as it gets, with what a browser has. */
const STRICT = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext'];
/** With what Node.js has instead. */
const IN_NODE = [
  '--lib',
  'es2023',
  '--typeRoots',
  resolve('node_modules/@types'),
  '--types',
  'node',
  '--skipLibCheck',
];

const TYPED = `
import { type Job, Roundhouse } from 'roundhouse-client';

interface Own { resize: { payload: { width: number }; result: { bytes: number } } }
const client = new Roundhouse<Own>({ url: new URL('https://jobs.example.com') });
const job = await client.jobs.submit('resize', { width: 1 });
const bytes: number | undefined = (await client.waitFor(job)).result?.bytes;
const anything: Job = await client.jobs.submit('some_other', { whatever: bytes });
const name: string = Math.random() > 0.5 ? 'a' : 'b';
await client.jobs.submit(name, {});
await client.jobs.submitMany([
  { type: 'resize', payload: { width: 1 } },
  { type: 'http_request', payload: { url: 'https://example.com' }, tags: ['a'] },
  { type: 'some_other', payload: {} },
]);
await client.jobs.submitMany([1, 2].map((width) => ({ type: 'resize' as const, payload: { width } })));
const { occurrences } = await client.request('GET /schedules/{name}/preview', { path: { name: 'a' }, query: { count: 2 } });
console.log(anything.result, occurrences.length);

// @ts-expect-error A wrong payload of a type of the service.
await client.jobs.submit('send_email', { to: 'ada@example.org', subject: 'Hello' });
// @ts-expect-error A wrong payload of a type of one's own.
await client.jobs.submit('resize', { height: 1 });
// @ts-expect-error A setting that is none.
await client.jobs.submit('echo', {}, { prio: 1 });
// @ts-expect-error A wrong payload in a batch.
await client.jobs.submitMany([{ type: 'resize', payload: { width: 'wide' } }]);
// @ts-expect-error A route that is none.
await client.request('GET /nowhere');
// @ts-expect-error A parameter that is missing.
await client.request('GET /jobs/{job_id}');
// @ts-expect-error Nothing to handle it with.
await client.work({ queues: ['a'], handlers: { resize: async () => 'no' } });
`;

describe('the package of the TypeScript client', () => {
  let app: App;
  let mails: MailServer;
  let folder: string;
  let readme: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roundhouse-client-'));
    mails = await startMailServer();
    app = await startApp('typescript client package', {
      environment: { SMTP_URL: `smtp://127.0.0.1:${mails.port}`, MAIL_FROM: 'jobs@example.org' },
    });
    readme = await readFile(join(CLIENT, 'README.md'), 'utf8');
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: CLIENT });
    const [{ filename }] = JSON.parse(stdout);
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], {
      cwd: folder,
    });
  });
  afterAll(async () => {
    await app?.stop();
    await mails?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What README shows in these languages, as one program that calls our service. */
  const shown = (...languages: string[]) =>
    [...readme.matchAll(/^```(\w+)\n([^]*?)^```/gm)]
      .filter(([, language = '']) => languages.includes(language))
      .map(([, , code = '']) => code.replaceAll('http://127.0.0.1:8000', app.api.ready))
      .join('\n');

  async function execute(file: string, code: string): Promise<string> {
    await writeFile(join(folder, file), code);
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder });
    expect(stderr.replace(/^.*ExperimentalWarning.*\n.*\n/m, '')).toBe('');
    return stdout;
  }

  async function check(file: string, code: string, ...more: string[]): Promise<void> {
    await writeFile(join(folder, file), code);
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, ...STRICT, ...more, file], { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  }

  test('has the version and the licence of the product, and needs no other package', async () => {
    const own = JSON.parse(await readFile('package.json', 'utf8'));
    const { version, license, dependencies } = JSON.parse(
      await readFile(join(CLIENT, 'package.json'), 'utf8'),
    );
    expect({ version, license, dependencies }).toEqual({ version: own.version, license: own.license });
    expect(await readFile(join(CLIENT, 'LICENSE'), 'utf8')).toBe(await readFile('LICENSE', 'utf8'));
    const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
    expect(Object.keys(packages)).toEqual(['', 'node_modules/roundhouse-client']);
  });

  test('does in JavaScript what its README shows', async () => {
    const said = await execute('readme.mjs', shown('js'));
    expect(said).toMatch(/^COMPLETED \{/);
    expect(said).toMatch(/^422 validation_failed \/queue$/m);
    expect(said).toMatch(/^2 COMPLETED$/m);
    expect(said).toMatch(/^submitted .*Z\n[^]*^completed .*Z$/m);
    expect(said).toMatch(/^ended COMPLETED$/m);
    expect(mails.mailFor('ada@example.org')?.parsed.subject).toBe('Your report');
  });

  test('does what the README of the product shows', async () => {
    const [, code = ''] =
      /^```js\n([^]*?roundhouse-client[^]*?)^```/m.exec(await readFile('README.md', 'utf8')) ?? [];
    const said = await execute('product.mjs', code.replaceAll('http://127.0.0.1:8000', app.api.ready));
    expect(said).toBe("{ hello: 'world' }\n");
  });

  test('does in TypeScript what its README shows', async () => {
    const code = `${shown('js', 'ts')}
      const forged = new Request('http://localhost', { method: 'POST', body: '{}' });
      console.log('a forged webhook is answered with', (await receive(forged)).status);`;
    await check('readme.mts', code, ...IN_NODE);
    const said = await execute('readme.mts', code);
    expect(said).toMatch(/^640$/m);
    expect(said).toMatch(/^a forged webhook is answered with 400$/m);
  });

  test('tells what does not fit before anything is sent', async () => {
    await check('typed.mts', TYPED);
    await check('typed-in-node.mts', TYPED, ...IN_NODE);
  });
});
