import { type Learned, differences, jsonOf } from '../support/documents/answers.js';
import { type Block, dialogueOf, firstLineOf, isShell } from '../support/documents/blocks.js';
import { isDangerous } from '../support/documents/not-run.js';

const block = (text: string, language = ''): Block => ({
  document: 'docs/none.md',
  line: 1,
  language,
  text,
  followsAtOnce: false,
});

const ID = '01a20136-e38b-7fa4-9ac3-a7e5181eec24';
const OTHER_ID = '01a20a25-65cf-784f-a4e8-5059138f19c1';

describe('a block of a document', () => {
  test.each([
    ['curl -s http://127.0.0.1:8000/jobs', true],
    ['# Why\nROLE=api npm start', true],
    ['JOB=$(npx roundhouse submit echo)', true],
    ['$ npx roundhouse doctor\n✔ settings', true],
    ['OIDC_AUDIENCE=https://jobs.example.org', false],
    ['POST /leases\n{}', false],
    ['slots = λ·k·S / target', false],
    ['Installing dependencies … done in 45.8 s', false],
  ])('%j is for a shell: %s', (text, expected) => {
    expect(isShell(block(text))).toBe(expected);
  });

  test('is for a shell when its language says so', () => {
    expect(isShell(block('frobnicate', 'sh'))).toBe(true);
    expect(isShell(block('curl', 'text'))).toBe(false);
  });

  test('with prompts is commands and their answer', () => {
    expect(dialogueOf(block('$ echo a \\\n  b\na b\n$ echo c\nc'))).toEqual({
      commands: 'echo a \\\n  b\necho c',
      answer: 'a b\nc',
    });
  });

  test('is known by its first line that says something', () => {
    expect(firstLineOf(block('\n# First\ncurl a\ncurl b'))).toBe('curl a');
  });

  test.each([
    'sudo rm -rf data',
    'echo a; docker compose up',
    'X=$(kubectl get pods)',
    'PGHOST=db pg_basebackup -D x',
    'cp a /etc/b',
    'npm install left-pad',
  ])('is not run unasked when it is %j', (text) => {
    expect(isDangerous(block(text, 'sh'))).toBe(true);
  });

  test.each([
    'cp -r docker/kubernetes a',
    'kubectl kustomize docker',
    'pg_dump -Fc > a',
    'curl http://a/etc/b',
  ])('is run when it is %j', (text) => {
    expect(isDangerous(block(text, 'sh'))).toBe(false);
  });

  test('is not run unasked when its SQL is about the server', () => {
    expect(isDangerous(block("ALTER SYSTEM SET fsync = 'on'", 'sql'))).toBe(true);
    expect(isDangerous(block('SELECT count(*) FROM jobs', 'sql'))).toBe(false);
  });
});

describe('the answer that a document shows', () => {
  const found = (shown: string, given: unknown, learned: Learned = new Map()) =>
    differences(shown, typeof given === 'string' ? given : JSON.stringify(given), learned);

  test('may leave out what comes, and nothing else', () => {
    expect(jsonOf('{"a": 1, …, "b": { … }, "c": [1, …]}')).toEqual({ a: 1, b: {}, c: [1] });
    expect(found('{"a": 1, …}', { a: 1, b: 2 })).toEqual([]);
    expect(found('{"a": 1, …}', { b: 2 })).toEqual(['/a is not there']);
    expect(found('{"a": {"b": "PENDING"}}', { a: { b: 'FAILED' } })).toEqual([
      '/a/b is "FAILED", not "PENDING"',
    ]);
    expect(found('{"a": [1, 2]}', { a: [1] })).toEqual(['/a has 1 items, not 2']);
    expect(found('{"a": null}', { a: 0 })).toEqual(['/a is 0, not null']);
    expect(found('{"a": 1}', 'no JSON')).toEqual(['it is no JSON: no JSON']);
  });

  test('tells ids and times by their form, and what came in the place of ids', () => {
    const learned: Learned = new Map();
    const shown = { job_id: ID, at: '2026-11-22T03:05:04.162Z', by: `key:${ID}` };
    const given = { job_id: OTHER_ID, at: '2027-01-01T00:00:00.000Z', by: `key:${OTHER_ID}` };
    expect(found(JSON.stringify(shown), given, learned)).toEqual([]);
    expect(learned.get(ID)).toBe(OTHER_ID);
    expect(found(JSON.stringify(shown), { ...given, by: 'anonymous' })).toHaveLength(1);
    expect(found(JSON.stringify(shown), { ...given, at: 'now' })).toHaveLength(1);
  });

  test('is lines where it is no JSON, with other numbers', () => {
    const given = '  id: 2.1\n  done in 3.5 s\n';
    expect(found('id: 17.4\n…\ndone in 1 s', given)).toEqual([]);
    expect(found('done in …', given)).toEqual([]);
    expect(found('undone in 1 s', given)).toHaveLength(1);
  });
});
