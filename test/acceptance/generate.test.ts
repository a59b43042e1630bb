import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { blocksOf } from '../support/documents/blocks.js';
import { Client } from '../support/http.js';
import { type ProductProcess, startProduct } from '../support/product.js';

/** What is in the repository, and what is about to be. */
const FILES = ['ls-files', '--cached', '--others', '--exclude-standard'];

/** How long (ms) a slow machine may take to check the types of everything, build and start it. */
const COMPILING_MS = 900_000;

const MODULE = 'src/tasks/tasks.module.ts';

/** A block of CONTRIBUTING.md, by how it begins. */
const shown = (begins: string) =>
  `${blocksOf('CONTRIBUTING.md').find(({ text }) => text.startsWith(begins))!.text}\n`;

describe('roundhouse generate', () => {
  let checkout: string;
  let database: TestDatabase;
  const running: ProductProcess[] = [];
  beforeAll(async () => {
    checkout = mkdtempSync(join(tmpdir(), 'roundhouse-generate-'));
    const files = execFileSync('git', FILES, { encoding: 'utf8' }).trim().split('\n');
    for (const file of files) if (existsSync(file)) cpSync(file, join(checkout, file));
    symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
    database = await createTestDatabase('generate');
  });
  afterAll(async () => {
    await Promise.all(running.map((process) => process.stop()));
    await database?.drop();
    rmSync(checkout, { recursive: true, force: true });
  });

  const run = (program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: checkout, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };
  const node = (...args: string[]) => run(process.execPath, ...args);
  const sources = () => [
    ...readdirSync(join(checkout, 'src/tasks'), { recursive: true, encoding: 'utf8' }),
    readFileSync(join(checkout, MODULE), 'utf8'),
  ];

  test(
    'writes a job type that builds, passes the checks and its test, and runs',
    async () => {
      const { status, output } = run(
        join(checkout, 'bin/roundhouse'),
        ...['generate', 'task', 'measure_text', '--queue', 'texts'],
      );
      expect({ status, output }).toEqual({
        status: 0,
        output: expect.stringMatching(
          /Wrote src\/tasks\/measure-text\/measure-text\.payload\.ts\n.*handler\.ts\n.*spec\.ts\nWrote src\/tasks\/tasks\.module\.ts\n/,
        ),
      });
      const documented = 'src/tasks/count-words/count-words';
      expect(run('bash', '-ec', shown('bin/roundhouse generate task')).status).toBe(0);
      writeFileSync(join(checkout, `${documented}.payload.ts`), shown('import { Text }'));
      writeFileSync(
        join(checkout, `${documented}.handler.ts`),
        shown('import { type JobContext, JobHandler }'),
      );
      const written = ['measure-text', 'count-words'].flatMap((folder) =>
        readdirSync(join(checkout, 'src/tasks', folder)).map((file) => `src/tasks/${folder}/${file}`),
      );
      expect(written).toHaveLength(6);
      expect(node('node_modules/typescript/bin/tsc', '--noEmit')).toEqual({ status: 0, output: '' });
      expect(node('node_modules/prettier/bin/prettier.cjs', '--check', MODULE, ...written).status).toBe(0);
      // Its test needs no database, which the tests of the project start beforehand.
      writeFileSync(join(checkout, 'nothing.mjs'), 'export default () => undefined;\n');
      const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', 'measure-text'];
      const setups = [
        '--globalSetup=./nothing.mjs',
        '--globalTeardown=./nothing.mjs',
        '--setupFiles=./nothing.mjs',
      ];
      expect(node(...jest, ...setups).output).toContain('Tests:       2 passed, 2 total');

      expect(node('scripts/setup.mjs').status).toBe(0);
      const program = join(checkout, 'dist/src/main.js');
      running.push(...(await Promise.all([start('api', program), start('worker', program)])));
      const client = new Client(running[0]!.ready);
      const { status: code, body } = await client.post(
        '/tasks/measure_text',
        { text: 'one two three' },
        { Prefer: 'wait=60' },
      );
      expect([code, body]).toEqual([
        200,
        expect.objectContaining({ status: 'COMPLETED', result: { length: 13 } }),
      ]);
      expect((await client.post('/tasks/measure_text', {})).status).toBe(422);
      const { body: types } = await client.get('/job-types');
      expect(types.job_types.find(({ type }: { type: string }) => type === 'measure_text')).toMatchObject({
        queue_name: 'texts',
        examples: [{ text: 'one two three' }],
        payload_schema: { required: ['text'] },
      });

      const call = shown('curl -X POST').replace('http://127.0.0.1:8000', running[0]!.ready);
      const { job_id: id } = JSON.parse(
        run('bash', '-ec', call.replace('curl', "curl -sS --noproxy '*'")).output,
      );
      const { body: counted } = await client.get(`/jobs/${id}`, { Prefer: 'wait=60' });
      expect(counted).toMatchObject({ status: 'COMPLETED', result: { words: 3 } });
    },
    COMPILING_MS,
  );

  test.each([
    [['task', 'Count Words'], 'A task cannot be called "Count Words": use small letters and digits'],
    [['task', 'hello_world'], 'There is a job type called "hello_world" already'],
    [
      ['task', 'mine'],
      `There is a folder ${join('src/tasks/mine')} already: take another name, or remove it.`,
    ],
    [['task', 'fine', '--queue', 'No'], 'A queue cannot be called "No"'],
    [['task'], 'Say what to generate and how to call it: roundhouse generate task NAME [--queue QUEUE].'],
    [['joke', 'a'], 'Say what to generate'],
    [['task', 'a', 'b'], 'Say what to generate'],
  ])('refuses %j and writes nothing', (args, sentence) => {
    cpSync(join(checkout, 'LICENSE'), join(checkout, 'src/tasks/mine/LICENSE'));
    const before = sources();
    const { status, output } = node('dist/src/cli/main.js', 'generate', ...args);
    expect({ status, output }).toEqual({ status: 2, output: expect.stringContaining(sentence) });
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(sources()).toEqual(before);
  });

  const start = (role: 'api' | 'worker', program: string) => startProduct(role, database.url, {}, program);
});
