import { figure } from './report.js';

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly isOurs: boolean;
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** What is better; it comes first. */
  readonly better: 'more' | 'less';
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABELS = 220;
const FIGURES = 90;
const LINE = 24;
const HEAD = 34;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 } .note, .value { fill: #57606a }
  .ours { fill: #0969da } .theirs { fill: #afb8c1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note, .value { fill: #9198a1 } .ours { fill: #4493f8 } .theirs { fill: #545d68 }
  }`;

/** Bars below each other, one chart below the other, as an SVG that fits light and dark pages. */
export function chartsSvg(charts: readonly Chart[]): string {
  let top = 0;
  const parts = charts.map((chart) => {
    const part = chartAt(chart, top);
    top += HEAD + chart.bars.length * LINE + 18;
    return part;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img">
<title>${escaped(charts.map(({ title }) => title).join('; '))}</title>
<style>${STYLE}</style>
${parts.join('\n')}
</svg>
`;
}

function chartAt({ title, unit, better, bars }: Chart, top: number): string {
  const sorted = bars.toSorted((a, b) => (better === 'more' ? b.value - a.value : a.value - b.value));
  const largest = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - LABELS - FIGURES;
  const lines = sorted.map(({ label, value, isOurs }, index) => {
    const y = top + HEAD + index * LINE;
    const width = Math.max(1, (value / largest) * room);
    return [
      `<text x="${LABELS - 8}" y="${y + 14}" text-anchor="end">${escaped(label)}</text>`,
      `<rect class="${isOurs ? 'ours' : 'theirs'}" x="${LABELS}" y="${y + 2}" width="${width.toFixed(1)}" height="${LINE - 8}" rx="2"/>`,
      `<text class="value" x="${(LABELS + width + 8).toFixed(1)}" y="${y + 14}">${figure(value)}</text>`,
    ].join('\n');
  });
  const note = `${unit}, ${better === 'more' ? 'more' : 'less'} is better`;
  return `<text class="title" x="0" y="${top + 18}">${escaped(title)} <tspan class="note">(${note})</tspan></text>
${lines.join('\n')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
