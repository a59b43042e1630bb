import { printableText } from '../common/index.js';
import type { NamedFinding } from './doctor.js';
import type { Level } from './finding.js';

const SIGNS: Readonly<Record<Level, string>> = { ok: '✔', warning: '!', error: '✘' };
const COLOURS: Readonly<Record<Level, string>> = {
  ok: '\u001b[32m',
  warning: '\u001b[33m',
  error: '\u001b[31m',
};
const PLAIN = '\u001b[0m';

/** The findings for a person to read. */
export function report(findings: readonly NamedFinding[], { isColoured = false } = {}): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, level, says, why, fix }) => {
    const sign = isColoured ? `${COLOURS[level]}${SIGNS[level]}${PLAIN}` : SIGNS[level];
    const indent = ' '.repeat(width + 4);
    const more = [why && `${why}.`, fix && `→ ${fix}`]
      .filter((line) => line !== undefined)
      .map((line) => `\n${indent}${printableText(line)}`);
    return `${sign} ${check.padEnd(width)}  ${printableText(says)}.${more.join('')}`;
  });
  return `${lines.join('\n')}\n\n${sum(findings)}\n`;
}

function sum(findings: readonly NamedFinding[]): string {
  const count = (wanted: Level) => findings.filter(({ level }) => level === wanted).length;
  const named = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return `${named(count('error'), 'error')}, ${named(count('warning'), 'warning')}, ${count('ok')} fine.`;
}
