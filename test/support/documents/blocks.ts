import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where documents for readers are; the change log tells of what there was. */
const PLACES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'docs', 'docker', 'clients', 'examples'];

/** A fenced block of a document. */
export interface Block {
  readonly document: string;
  /** The number of its first line within the fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Nothing but blank lines is between it and the block before. */
  readonly followsAtOnce: boolean;
}

/** What somebody types, and what is shown of the answer in the same block. */
interface Dialogue {
  readonly commands: string;
  readonly answer: string;
}

const SHELLS = ['sh', 'bash', 'shell', 'zsh', 'console'];

/** What a line of a block without a language begins with when it is a command. */
const COMMAND =
  /^(?:\$ )?(?:[A-Z_]+=\S* )*(?:[A-Z_]+=\$\(|(?:curl|npm|npx|node|bin\/\w+|examples\/\S+|roundhouse|docker|docker-compose|kubectl|helm|psql|createdb|dropdb|pg_\w+|pgbackrest|git|cp|mv|rm|mkdir|cd|export|source|sudo|apt|apt-get|systemctl|pip|pipx|python3?|prometheus|promtool|openssl|jq|for|while)(?: |$))/m;

/** Every document, by its path from the root of the project. */
export const DOCUMENTS: readonly string[] = PLACES.flatMap((place) => {
  if (!existsSync(join(PROJECT, place))) return [];
  if (place.endsWith('.md')) return [place];
  return readdirSync(join(PROJECT, place), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => `${place}/${file}`);
}).sort();

/** A file of the project. */
export function textOf(file: string): string {
  return readFileSync(join(PROJECT, file), 'utf8');
}

/** The fenced blocks of a document, in their order. */
export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; indent: number; language: string; line: number; text: string[] } | undefined;
  let followsAtOnce = false;
  for (const [index, line] of textOf(document).split('\n').entries()) {
    const [, indent = '', fence = '', language = ''] = /^( *)(`{3,})\s*([\w-]*)/.exec(line) ?? [];
    if (!open && fence) open = { fence, indent: indent.length, language, line: index + 2, text: [] };
    else if (!open) followsAtOnce &&= line.trim() === '';
    else if (fence.startsWith(open.fence)) {
      const { language: tongue, line: first, text } = open;
      blocks.push({ document, line: first, language: tongue, text: text.join('\n'), followsAtOnce });
      open = undefined;
      followsAtOnce = true;
    } else open.text.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
  }
  if (open) throw new Error(`${document}:${open.line} begins a block that nothing ends`);
  return blocks;
}

/** Whether it is there to be typed. */
export function isShell({ language, text }: Block): boolean {
  return SHELLS.includes(language) || (language === '' && COMMAND.test(text));
}

/** Its commands; where these have a prompt, what has none is the answer. */
export function dialogueOf({ text }: Block): Dialogue {
  const lines = text.split('\n');
  if (!lines.some((line) => line.startsWith('$ '))) return { commands: text, answer: '' };
  const commands: string[] = [];
  const answer: string[] = [];
  let goesOn = false;
  for (const line of lines) {
    const isTyped: boolean = goesOn || line.startsWith('$ ');
    (isTyped ? commands : answer).push(isTyped ? line.replace(/^[$>] /, '') : line);
    goesOn = isTyped && line.endsWith('\\');
  }
  return { commands: commands.join('\n'), answer: answer.join('\n').trim() };
}

/** What a block is known by in lists and messages: its first line that says something. */
export function firstLineOf({ text }: Block): string {
  return text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
}
