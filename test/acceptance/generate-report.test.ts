import { read, utils } from '@e965/xlsx';
import { eventually } from '../support/eventually.js';
import { pdfPages } from '../support/reports.js';
import { type App, startApp } from '../support/start-app.js';

const SALES = [
  { item: 'Coffee', amount: 12.5, day: '2026-02-27', note: '=HYPERLINK("http://example.org")' },
  { item: 'Чай', amount: 8, day: '2026-02-28', note: null },
];
const COLUMNS = [
  { field: 'item', label: 'Item' },
  { field: 'amount', label: 'Amount', format: 'decimal' },
  { field: 'day', label: 'Day', format: 'date' },
  { field: 'note', label: 'Note' },
];
const REPORT = { rows: SALES, columns: COLUMNS, summary: [{ field: 'amount', op: 'sum' }], title: 'Sales' };
const CSV = { format: 'csv', rows: SALES };

describe('a report', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp('generate report');
  });
  afterAll(() => app?.stop());

  const submit = async (payload: object, more: object = {}): Promise<string> => {
    const { status, body } = await app.client.post('/jobs', { type: 'generate_report', payload, ...more });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body.job_id;
  };
  const completed = async (payload: object, more?: object) =>
    app.jobWith('COMPLETED', await submit(payload, more));
  const fileOf = async ({ job_id, result }: Record<string, any>) => {
    const response = await fetch(`${app.api.ready}/jobs/${job_id}/artifacts/${result.artifact}`);
    expect(response.status).toBe(200);
    const content = Buffer.from(await response.arrayBuffer());
    expect(content.length).toBe(result.bytes);
    return { type: response.headers.get('content-type'), content };
  };

  test('is a CSV file that runs no formulas', async () => {
    const job = await completed({ ...REPORT, format: 'csv', bom: true });
    expect(job.result).toEqual({ artifact: 'report.csv', format: 'csv', rows: 2, bytes: expect.any(Number) });
    const { type, content } = await fileOf(job);
    expect(type).toMatch(/^text\/csv; ?charset=utf-8/);
    expect(content.toString().split('\r\n')).toEqual([
      '\uFEFFItem,Amount,Day,Note',
      `Coffee,12.5,2026-02-27,"'=HYPERLINK(""http://example.org"")"`,
      'Чай,8,2026-02-28,',
      'Total,20.5,,',
      '',
    ]);
  });

  test('is a workbook that opens elsewhere, with numbers and dates', async () => {
    const job = await completed({ ...REPORT, format: 'xlsx', name: 'sales-2026-02.xlsx' });
    expect(job.result).toMatchObject({ artifact: 'sales-2026-02.xlsx', format: 'xlsx', rows: 2 });
    const workbook = read((await fileOf(job)).content, { cellDates: true, UTC: true });
    expect(workbook.SheetNames).toEqual(['Sales']);
    expect(utils.sheet_to_json(workbook.Sheets.Sales!, { header: 1, UTC: true })).toEqual([
      ['Item', 'Amount', 'Day', 'Note'],
      ['Coffee', 12.5, new Date('2026-02-27T00:00:00Z'), '=HYPERLINK("http://example.org")'],
      ['Чай', 8, new Date('2026-02-28T00:00:00Z')],
      ['Total', 20.5],
    ]);
  });

  test('is a PDF with its header and number on each page', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ item: `Nr ${n}`, amount: n }));
    const columns = COLUMNS.slice(0, 2);
    const job = await completed({ ...REPORT, rows, columns, format: 'pdf' });
    const pages = await pdfPages((await fileOf(job)).content);
    expect(pages.length).toBeGreaterThan(1);
    expect(job.result).toMatchObject({
      artifact: 'report.pdf',
      format: 'pdf',
      rows: 100,
      pages: pages.length,
    });
    for (const [at, page] of pages.entries()) {
      expect(page).toMatch(/Item\s+Amount/);
      expect(page).toContain(`Page ${at + 1} of ${pages.length}`);
    }
    expect(pages.join(' ').match(/Nr \d+/g)).toEqual(rows.map(({ item }) => item));
    expect(pages.at(-1)).toMatch(/Total\s+4,950\.00/);
  });

  test('is made of the rows of another job, and of the file of another job', async () => {
    const { body } = await app.client.post('/tasks/echo', { rows: SALES, columns: ['item', 'amount'] });
    const made = await completed({ job_id: body.job_id, format: 'csv' }, { depends_on: [body.job_id] });
    expect((await fileOf(made)).content.toString()).toBe('item,amount\r\nCoffee,12.5\r\nЧай,8\r\n');

    const again = await completed({ job_id: made.job_id, format: 'xlsx' }, { depends_on: [made.job_id] });
    const workbook = read((await fileOf(again)).content);
    expect(utils.sheet_to_json(workbook.Sheets.Report!)).toEqual([
      { item: 'Coffee', amount: 12.5 },
      { item: 'Чай', amount: 8 },
    ]);
  });

  test.each([
    ['in its result', {}],
    ['in a CSV file', { output: 'artifact' }],
  ])('is made of what process_data leaves %s', async (_, output) => {
    const data = 'city;amount\nOslo;1.5\nKyïv;2\nOslo;3\n';
    const aggregate = [{ op: 'sum', field: 'amount', as: 'total' }];
    const sorted = { sort: [{ field: 'city', order: 'desc' }] };
    const { status, body } = await app.client.post('/tasks/process_data', {
      ...{ data, delimiter: ';', group_by: ['city'], aggregate, ...sorted, ...output },
    });
    expect(status).toBe(201);
    const payload = { job_id: body.job_id, format: 'xlsx', summary: [{ field: 'total', op: 'sum' }] };
    const workbook = read((await fileOf(await completed(payload, { depends_on: [body.job_id] }))).content);
    expect(utils.sheet_to_json(workbook.Sheets.Report!, { header: 1 })).toEqual([
      ['city', 'total'],
      ['Oslo', 4.5],
      ['Kyïv', 2],
      ['Total', 6.5],
    ]);
  });

  test('says in the log what did not fit, and how far it is', async () => {
    const rows = [{ n: 1 }, { n: 'n/a' }];
    const { job_id } = await completed({ rows, format: 'pdf', columns: [{ field: 'n', format: 'integer' }] });
    const { body } = await app.client.get(`/jobs/${job_id}/logs`);
    expect(body.logs.map(({ level, message }: any) => [level, message])).toEqual([
      ['warn', 'One value of "n" could not be read in the format of the column and stand as text'],
    ]);
    const job = (await app.client.get(`/jobs/${job_id}`)).body;
    expect(job.progress).toMatchObject({ message: '1 of 1 pages drawn' });
  });

  test('of a job that left no rows fails at once and says what to name instead', async () => {
    const { body } = await app.client.post('/tasks/echo', { total: 12 });
    await app.jobWith('COMPLETED', body.job_id);
    const failed = await app.jobWith('FAILED', await submit({ job_id: body.job_id, format: 'csv' }));
    expect(failed.attempts).toBe(1);
    expect(failed.error_message).toContain('has neither rows, a list of objects, nor artifact');
  });

  test('ends soon after it is cancelled, and leaves no file', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => ({
      a: n,
      b: n * 2,
      c: `x${n}`,
      d: `y${n}`,
      e: `z${n}`,
    }));
    const jobId = await submit({ rows, format: 'pdf' });
    await eventually(async () => (await app.client.get(`/jobs/${jobId}`)).body.progress);
    await app.client.post(`/jobs/${jobId}/cancel`);
    await app.jobWith('CANCELLED', jobId);
    const { body } = await app.client.get(`/jobs/${jobId}/attempts`);
    expect(body.attempts).toMatchObject([{ outcome: 'cancelled' }]);
    expect((await app.client.get(`/jobs/${jobId}/artifacts`)).body).toMatchObject({ artifacts: [] });
  });

  test.each<[pointer: string, detail: string, payload: object]>([
    ['/rows', 'Give either rows, a list of objects, or job_id', { format: 'pdf' }],
    ['/job_id', 'exclude each other', { ...CSV, job_id: '01890a5d-ac96-774b-bcce-b302099a8057' }],
    ['/job_id', 'job_id must be the id of a job', { format: 'csv', job_id: '7' }],
    ['/format', 'csv, xlsx, pdf', { rows: SALES }],
    ['/format', 'csv, xlsx, pdf', { ...CSV, format: 'doc' }],
    ['/rows', 'rows must be a list of objects', { ...CSV, rows: { a: 1 } }],
    ['/rows', 'rows/1 must be an object', { ...CSV, rows: [{ a: 1 }, 2] }],
    ['/rows', 'say in columns what the report shows', { ...CSV, rows: [] }],
    ['/rows', 'rows holds 10001 rows', { ...CSV, rows: Array(10_001).fill({ a: 1 }) }],
    ['/columns', 'columns must name one column at least', { ...CSV, columns: [] }],
    ['/columns/0/field', 'field', { ...CSV, columns: [{ label: 'A' }] }],
    ['/columns/0/format', 'decimal', { ...CSV, columns: [{ field: 'a', format: 'money' }] }],
    ['/columns/0/alignment', 'align', { ...CSV, columns: [{ field: 'a', alignment: 'left' }] }],
    ['/summary/0/op', 'sum, avg, count', { ...CSV, summary: [{ field: 'amount', op: 'max' }] }],
    [
      '/summary',
      'summary names "amount", which is no column of the report',
      { ...CSV, columns: [{ field: 'item' }], summary: [{ field: 'amount', op: 'sum' }] },
    ],
    ['/name', 'name may hold letters', { ...CSV, name: '../report.csv' }],
    ['/page_size', 'a4, letter', { ...CSV, page_size: 'a3' }],
    ['/titel', 'title', { ...CSV, titel: 'Sales' }],
  ])('is refused at %s: %s', async (pointer, detail, payload) => {
    const { status, body } = await app.client.post('/tasks/generate_report', payload);
    expect(status).toBe(422);
    const fault = body.errors.find((each: any) => each.pointer.endsWith(pointer));
    expect(fault?.detail).toContain(detail);
  });
});
