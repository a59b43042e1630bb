import { read, utils } from '@e965/xlsx';
import type { Paper } from '../../src/tasks/generate-report/pdf/grid.js';
import { pdfOf } from '../../src/tasks/generate-report/pdf/pdf.js';
import { wrap } from '../../src/tasks/generate-report/pdf/wrap.js';
import type { Row } from '../../src/tasks/generate-report/report.js';
import { xlsxOf } from '../../src/tasks/generate-report/xlsx.js';
import { collected, paceOf, pdfPages, tableFrom } from '../support/reports.js';

type Wanted = Parameters<typeof tableFrom>[1];

describe('a workbook', () => {
  const open = async (rows: Row[], wanted: Wanted = {}) => {
    const file = await collected(xlsxOf(await tableFrom(rows, wanted)));
    const workbook = read(file, { cellNF: true, cellStyles: true, bookFiles: true }) as any;
    const sheet = workbook.Sheets[workbook.SheetNames[0]];
    const part = (name: string): string => Buffer.from(workbook.files[name].content).toString();
    return {
      name: workbook.SheetNames[0],
      sheet,
      part,
      values: utils.sheet_to_json(sheet, { header: 1, raw: false }),
    };
  };

  test('holds numbers, dates and truth values as such, in the format of their column', async () => {
    const { sheet, values } = await open(
      [{ item: 'Tea', n: 1234.5, share: '0.125', day: '2026-02-28', old: '1899-12-31', ok: true }],
      {
        columns: [
          { field: 'item', label: 'Item' },
          { field: 'n', format: 'decimal' },
          { field: 'share', format: 'percent' },
          { field: 'day', format: 'date' },
          { field: 'old', format: 'date' },
          { field: 'ok' },
        ],
        summary: [{ field: 'n', op: 'sum' }],
      },
    );
    expect(values).toEqual([
      ['Item', 'n', 'share', 'day', 'old', 'ok'],
      ['Tea', '1,234.50', '12.5%', '2026-02-28', '1899-12-31', 'TRUE'],
      ['Total', '1,234.50'],
    ]);
    const cells = ['A2', 'B2', 'C2', 'D2', 'E2', 'F2', 'B3'].map((at) => [sheet[at].t, sheet[at].v]);
    expect(cells).toEqual([
      ['s', 'Tea'],
      ['n', 1234.5],
      ['n', 0.125],
      ['n', 46081],
      ['s', '1899-12-31'],
      ['b', true],
      ['n', 1234.5],
    ]);
  });

  test('has a bold and frozen header, and columns as wide as their texts', async () => {
    const { sheet, part } = await open([{ a: 'x'.repeat(40), b: 1 }], {
      summary: [{ field: 'b', op: 'sum' }],
    });
    expect(part('xl/worksheets/sheet1.xml')).toMatch(/<pane ySplit="1" topLeftCell="A2" state="frozen"/);
    const styles = part('xl/styles.xml');
    const bold = [...styles.matchAll(/<font>.*?<\/font>/gs)].findIndex(([font]) => font.includes('<b/>'));
    const formats = [.../<cellXfs.*?<\/cellXfs>/s.exec(styles)![0].matchAll(/<xf [^>]*fontId="(\d+)"/g)];
    const fontOf = (cell: string) => {
      const [tag] = new RegExp(`<c r="${cell}"[^>]*>`).exec(part('xl/worksheets/sheet1.xml'))!;
      return Number(formats[Number(/ s="(\d+)"/.exec(tag)?.[1] ?? 0)]![1]);
    };
    expect(bold).toBeGreaterThan(0);
    expect([fontOf('A1'), fontOf('B1'), fontOf('B3')]).toEqual([bold, bold, bold]);
    expect([fontOf('A2'), fontOf('B2')]).not.toContain(bold);
    expect(sheet['!cols'].map(({ width }: { width: number }) => Math.round(width))).toEqual([42, 8]);
  });

  test('holds texts that look like formulas or escapes as texts, and cuts what Excel does not take', async () => {
    const { values, sheet } = await open([{ a: '=1+2', b: '_x0041_\u0001<&>', c: 'é'.repeat(40_000) }]);
    const [, row] = values as string[][];
    expect(row!.slice(0, 2)).toEqual(['=1+2', '_x0041_\u0001<&>']);
    expect(sheet.A2.f).toBeUndefined();
    expect(row![2]).toHaveLength(32_767);
    expect(row![2]!.endsWith('é…')).toBe(true);
  });

  test.each([
    ["'Sales: [2026]/02?'", 'Sales   2026  02'],
    ['History', 'Report'],
    ['***', 'Report'],
    ['A title of more than thirty-one letters', 'A title of more than thirty-one'],
  ])('is named after the title %j', async (title, name) => {
    expect((await open([{ a: 1 }], { title })).name).toBe(name);
  });
});

describe('a PDF', () => {
  const make = async (rows: Row[], wanted: Wanted = {}, paper: Partial<Paper> = {}) => {
    const table = await tableFrom(rows, wanted);
    const now = new Date('2026-03-01T12:34:56Z');
    const { content, pages } = await pdfOf(
      table,
      { size: 'a4', orientation: 'auto', ...paper },
      now,
      paceOf(),
    );
    const file = await collected(content);
    const [box] = file.toString('latin1').match(/\/MediaBox \[[^\]]*\]/) ?? [];
    return { pages, box, texts: await pdfPages(file) };
  };

  test('has title, date, header and page number on its pages, and the totals at the end', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => ({ item: `Item ${n + 1}`, amount: n + 0.5 }));
    const { pages, texts } = await make(rows, {
      title: 'Продажи · Πωλήσεις · Umsätze',
      columns: [
        { field: 'item', label: 'Artikel' },
        { field: 'amount', label: 'Betrag', format: 'decimal' },
      ],
      summary: [{ field: 'amount', op: 'sum' }],
    });
    expect(pages).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(2);
    for (const [at, text] of texts.entries()) {
      expect(text).toContain('Продажи · Πωλήσεις · Umsätze');
      expect(text).toMatch(/Artikel\s+Betrag/);
      expect(text).toContain(`Page ${at + 1} of ${texts.length}`);
    }
    expect(texts[0]).toMatch(/2026-03-01 12:34 UTC\s+·\s+120 rows/);
    const shown = texts.join(' ').match(/Item \d+\s+[\d.]+/g)!;
    expect(shown.map((line) => line.replace(/\s+/g, ' '))).toEqual(
      rows.map(({ item, amount }) => `${item} ${amount.toFixed(2)}`),
    );
    expect(texts.at(-1)).toMatch(/Total\s+7,200\.00/);
  });

  test('breaks long texts, also over pages, and loses none of them', async () => {
    const words = Array.from({ length: 3000 }, (_, n) => `word${n}`);
    const { texts } = await make([
      { id: 1, text: words.join(' '), none: null },
      { id: 2, text: 'x'.repeat(500) },
    ]);
    const found = texts.join(' ');
    expect(texts.length).toBeGreaterThan(1);
    expect(found.match(/word\d+/g)).toEqual(words);
    expect(found.match(/x{2,}/g)!.join('')).toBe('x'.repeat(500));
  });

  test('shows what its font lacks as boxes, and joins what has accents of its own', async () => {
    const { texts } = await make([
      { a: '漢字 😀 \u{1F9EA}', b: 'e\u0301 שלום مرحبا \u0915\u094D\u0937', c: '\0\u200B\t\uFFFF' },
    ]);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('é');
    expect(texts[0]).toContain('□□');
  });

  test.each([
    [3, {}, '/MediaBox [0 0 595.28 841.89]'],
    [9, {}, '/MediaBox [0 0 841.89 595.28]'],
    [9, { orientation: 'portrait' }, '/MediaBox [0 0 595.28 841.89]'],
    [3, { size: 'letter', orientation: 'landscape' }, '/MediaBox [0 0 792 612]'],
  ] as const)('of %d columns with %j has the page %s', async (count, paper, box) => {
    const row = Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, n]));
    expect((await make([row], {}, paper)).box).toBe(box);
  });

  test('without rows has one page with its header', async () => {
    const { texts } = await make([], { columns: [{ field: 'a', label: 'Nothing' }] });
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/0 rows\s+Nothing/);
  });

  test('refuses more columns than can be read', async () => {
    const row = Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`c${n}`, n]));
    await expect(make([row])).rejects.toThrow('A PDF shows 30 columns at most and this report has 31');
  });

  test('refuses more text than it can hold', async () => {
    const rows = Array.from({ length: 20 }, () => ({ a: 'x'.repeat(1_000_000) }));
    await expect(make(rows)).rejects.toThrow('too many for a PDF');
  });
});

describe('a line', () => {
  const lines = (text: string, width: number) => wrap(text, width, (part) => Array.from(part).length);

  test.each([
    ['one two three', 7, ['one two', 'three']],
    ['one  two', 4, ['one', 'two']],
    ['state-of-the-art', 9, ['state-of-', 'the-art']],
    ['2026-02-28', 8, ['2026-02-', '28']],
    ['aaaaaaaaa b', 4, ['aaaa', 'aaaa', 'a b']],
    ['one\ntwo', 10, ['one', 'two']],
    ['x', 0, ['x']],
    ['', 5, ['']],
  ])('%j in a width of %d becomes %j', (text, width, expected) => {
    expect(lines(text, width)).toEqual(expected);
  });
});
