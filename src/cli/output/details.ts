import { plainText, safeJson } from './plain-text.js';
import { terminal } from './terminal.js';
import { padded, widthOf } from './width.js';

/** A name and what there is to say of it; null and undefined are left out. */
export type Detail = readonly [name: string, value: unknown];

/** Shows one thing, a line for each detail; texts with lines and objects begin on a line of their own. */
export function printDetails(details: readonly Detail[]): void {
  const shown = details.filter(([, value]) => !isNothing(value));
  const width = Math.max(...shown.map(([name]) => widthOf(name)));
  const bold = terminal.style('bold');
  for (const [name, value] of shown)
    process.stdout.write(`${bold(padded(name, width))}  ${indented(textOf(value), width + 2)}\n`);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return plainText(value.join(', '));
  return typeof value === 'string' ? plainText(value) : safeJson(value, 2);
}

function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}
