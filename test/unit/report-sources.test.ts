import type { JobContext } from '../../src/worker/index.js';
import type { GenerateReportPayload } from '../../src/tasks/generate-report/generate-report.payload.js';
import { openSource } from '../../src/tasks/generate-report/source.js';
import { itemsOf } from '../support/reports.js';
import { csvRows, jsonLineRows } from '../../src/tasks/generate-report/source-files.js';

/** The content in pieces of three bytes, so that rows and letters are cut in two. */
async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
}

describe('the rows of a CSV file', () => {
  const rowsOf = (text: string, fields?: string[]) => itemsOf(csvRows(pieces(text), fields));

  test('have the fields of its first line, and numbers where nothing is lost', async () => {
    expect(await rowsOf('\uFEFFname,"n, m",zip\r\n"Ørsted ""A""\nB",-1.5,007\r\n,1e3,12\r\n')).toEqual([
      { name: 'Ørsted "A"\nB', 'n, m': -1.5, zip: '007' },
      { name: '', 'n, m': '1e3', zip: 12 },
    ]);
  });

  test.each([
    ['a', 'a;b\n1,5;2\n', { a: '1,5', b: 2 }],
    ['a', '\uFEFF"a"\tb\n1,5\t2\n', { a: '1,5', b: 2 }],
    ['a;"', '"a;""",b\n1;2,3\n', { 'a;"': '1;2', b: 3 }],
    ['other', 'a,b\n1,2\n', { a: 1, b: 2 }],
  ])('are told apart by what stands after the first field, %j', async (first, text, row) => {
    expect(await rowsOf(text, [first, 'b'])).toEqual([row]);
  });

  test('are read of a file of one field, or of nothing, too', async () => {
    expect(await rowsOf('a\n1\n', ['a'])).toEqual([{ a: 1 }]);
    expect(await rowsOf('', ['a', 'b'])).toEqual([]);
  });

  test('are refused with the line that is wrong', async () => {
    await expect(rowsOf('a,b\n1,2\n3\n')).rejects.toThrow(/The CSV file of the job cannot be read: .*line 3/);
    await expect(rowsOf('a\n"1')).rejects.toMatchObject({ name: 'PermanentFailure' });
  });
});

describe('the rows of a JSON Lines file', () => {
  const rowsOf = (text: string) => itemsOf(jsonLineRows(pieces(text)));

  test('are its objects, with or without a last line break', async () => {
    expect(await rowsOf('{"a":"ΩЖ漢"}\r\n\n{"b":[1]}')).toEqual([{ a: 'ΩЖ漢' }, { b: [1] }]);
    expect(await rowsOf('')).toEqual([]);
  });

  test.each([
    ['{"a":1}\n{', 'Line 2 of the JSON Lines file of the job is no JSON'],
    ['[1]\n', 'Line 1 of the JSON Lines file of the job is no JSON object'],
    [`{"a":1}\n"${'x'.repeat(5_000_000)}`, 'a line of more than 4194304 characters'],
  ])('are refused when they are none', async (text, message) => {
    const whole = (async function* () {
      yield Buffer.from(text);
    })();
    const failure = expect(itemsOf(jsonLineRows(whole))).rejects;
    await failure.toMatchObject({ name: 'PermanentFailure', message: expect.stringContaining(message) });
  });
});

describe('the result of another job', () => {
  const open = (result: unknown) =>
    openSource({
      payload: { job_id: '01890a5d-ac96-774b-bcce-b302099a8057', format: 'csv' },
      resultOf: async () => result,
    } as unknown as JobContext<GenerateReportPayload>);

  test('gives its rows, and its columns if it names them', async () => {
    const source = await open({ rows: [{ a: 1 }], columns: ['a', 'b'] });
    expect([...(source.rows as Iterable<unknown>)]).toEqual([{ a: 1 }]);
    expect(source.fields).toEqual(['a', 'b']);
    expect((await open({ rows: [], columns: 'a' })).fields).toBeUndefined();
  });

  test.each([[null], ['text'], [{ rows: 3 }], [{ truncated: true, bytes: 300_000, preview: '{' }]])(
    'is refused when it is %j',
    async (result) => {
      await expect(open(result)).rejects.toThrow('has neither rows, a list of objects, nor artifact');
    },
  );

  test('is refused when a row is no object', async () => {
    await expect(open({ rows: [{}, null] })).rejects.toThrow('Row 2 in the result of job');
  });
});
