import { readFileSync } from 'node:fs';

/**
 * The commands that a document shows under a heading, a text for each block: what a test carries out is what a reader copies.
 * @throws Error when there is no such heading, or nothing to carry out under it
 */
export function commandsUnder(file: string, heading: string): string[] {
  const found: string[] = [];
  let section = '';
  // What stands in a block is no heading; in a list blocks are indented.
  let block: { readonly indent: string; readonly isShell: boolean; text: string } | undefined;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, indent, language] = /^( *)```(\w*)$/.exec(line) ?? [];
    if (indent === undefined) {
      if (block) block.text += `${line.replace(block.indent, '')}\n`;
      else section = /^#+ (.+)$/.exec(line)?.[1] ?? section;
    } else if (block) {
      if (block.isShell && section === heading) found.push(block.text);
      block = undefined;
    } else block = { indent, isShell: language === 'sh', text: '' };
  }
  if (found.length === 0) throw new Error(`${file} shows no commands under "${heading}"`);
  return found;
}
