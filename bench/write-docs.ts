import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chartsSvg } from './charts.js';
import { type Results, cpuPerJob, figure, judge, medians } from './report.js';
import { SUBJECTS, type SubjectName } from './subjects.js';

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const PICTURES = fileURLToPath(new URL('../../docs/performance', import.meta.url));

/** What stands between them is written by the benchmark. */
const BEGIN = '<!-- written by npm run bench -->';
const END = '<!-- end of what npm run bench has written -->';

/** Puts the tables into docs/performance.md and the charts beside it. */
export function writeDocs(results: Results, where: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${PAGE} has lost the marks between which the tables stand`);
  const date = new Date().toISOString().slice(0, 10);
  const parts = [
    `${date}, ${where}:`,
    targets(results),
    figures(results),
    '![Figures as bars](performance/peers.svg)',
    cpu(results),
  ];
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${parts.join('\n\n')}\n\n${END}${after}`);
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(`${PICTURES}/peers.svg`, charts(results));
}

function targets(results: Results): string {
  const rows = judge(results).map(({ label, wanted, reached, isReached }) => [
    label,
    wanted,
    isReached ? `**${reached}**` : reached,
  ]);
  return table(['Roundhouse', 'wanted', 'reached (bold where it is enough)'], rows);
}

function figures(results: Results): string {
  const names = [...results.keys()];
  const rows = medians(results).map(({ measure: { label, unit }, values }) => [
    `${label} (${unit})`,
    ...names.map((name) => shown(values.get(name), figure)),
  ]);
  return table(['median', ...labels(names)], rows);
}

function cpu(results: Results): string {
  const names = [...results.keys()].filter((name) => name !== 'no-database');
  const rows = cpuPerJob(results).map(({ measure: { label }, values }) => [
    label,
    ...names.map((name) =>
      shown(values.get(name), ({ server, process }) => `${figure(server)} + ${figure(process)}`),
    ),
  ]);
  const head = 'Processor time of a job in µs, in the server and in the process that speaks to it:';
  return `${head}\n\n${table(['median', ...labels(names)], rows)}`;
}

function charts(results: Results): string {
  return chartsSvg(
    medians(results)
      .filter(({ measure: { name } }) => name !== 'httpP99' && name !== 'startP99')
      .map(({ measure: { label, unit }, values }) => ({
        title: label,
        unit,
        better: unit === 'ms' ? 'less' : 'more',
        bars: [...values].map(([name, value]) => ({
          label: SUBJECTS[name].label,
          value,
          isOurs: name === 'roundhouse',
        })),
      })),
  );
}

function labels(names: readonly SubjectName[]): string[] {
  return names.map((name) => SUBJECTS[name].label);
}

function shown<T>(value: T | undefined, show: (value: T) => string): string {
  return value === undefined ? '–' : show(value);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
