import { spawnSync } from 'node:child_process';
import { eventually } from '../eventually.js';
import { differences } from './answers.js';
import { type Block, blocksOf, dialogueOf, firstLineOf, isShell } from './blocks.js';
import { OPTIONAL_PROGRAMS, isDangerous, isListed } from './not-run.js';
import { type Place, placeFor } from './place.js';
import { EXIT_CODES, SETTINGS } from './settings.js';

/** What only looks may be done again until what it looks for is there, as a reader would. */
const CHANGES_SOMETHING = /\s-(?:X|d|T|F)\b|--data|\bnp[mx] |(?<![./])roundhouse |\bpsql |\bkubectl |(?<!=)>/;

/** What came of following a document. */
export interface Report {
  /** What did not work; empty = all is well. */
  readonly faults: string[];
  /** What could not be tried on this machine. */
  readonly skipped: string[];
}

/** Whether it is done by a test, or would be if it were not listed. */
export function isDone(block: Block): boolean {
  return isShell(block) || block.language === 'sql';
}

/** Does what a document says, block by block, as a reader would in a place of their own. */
export async function follow(document: string): Promise<Report> {
  const blocks = blocksOf(document);
  const report: Report = { faults: [], skipped: [] };
  const wanted = blocks.filter((block) => isDone(block) && !isListed(block));
  if (wanted.length === 0) return report;
  const place = await placeFor(document);
  try {
    for (const block of wanted) {
      const missing = OPTIONAL_PROGRAMS.filter((program) => lacks(program, block));
      const where = `${document}:${block.line}: ${firstLineOf(block)}`;
      if (missing.length > 0) report.skipped.push(`${where} (there is no ${missing.join(' and no ')})`);
      else if (isDangerous(block))
        report.faults.push(
          `${where}\nmay change more than a folder: say in test/support/documents/not-run.ts why no test runs it`,
        );
      else
        for (const fault of await faultsOf(block, answerTo(block, blocks), place))
          report.faults.push(`${where}\n${fault}`);
    }
  } finally {
    await place.leave();
  }
  return report;
}

/** What the document shows as the answer. */
function answerTo(block: Block, blocks: readonly Block[]): string {
  const next = blocks[blocks.indexOf(block) + 1];
  if (next?.followsAtOnce && !isDone(next)) return next.text;
  return dialogueOf(block).answer;
}

async function faultsOf(block: Block, answer: string, place: Place): Promise<string[]> {
  if (block.language === 'sql') return ask(block, place);
  const { commands } = dialogueOf(block);
  if (CHANGES_SOMETHING.test(commands)) return tryOut(block, commands, answer, place);
  let faults: string[] = [];
  await eventually(async () => {
    faults = await tryOut(block, commands, answer, place);
    return faults.length === 0;
  }, 5_000).catch(() => undefined);
  return faults;
}

async function tryOut(block: Block, commands: string, answer: string, place: Place): Promise<string[]> {
  const first = firstLineOf(block);
  const { forBlocks = {} } = SETTINGS[block.document] ?? {};
  const [, more] = Object.entries(forBlocks).find(([begin]) => first.startsWith(begin)) ?? [];
  const { code, stdout, stderr } = await place.shell.run(place.here(commands), more?.(place));
  const codes = EXIT_CODES[block.document] ?? {};
  const [, expected = 0] = Object.entries(codes).find(([begin]) => first.startsWith(begin)) ?? [];
  if (code !== expected) return [`ended with ${code}:\n${stdout.slice(-2_000)}${stderr.slice(-2_000)}`];
  return answer === '' ? [] : differences(place.here(answer), stdout, place.learned);
}

async function ask({ text }: Block, { database }: Place): Promise<string[]> {
  const faults: string[] = [];
  const statements = text.includes('$$') ? [text] : text.split(/;\s*(?:--.*)?$/m);
  for (const statement of statements.filter((each) => /^\s*[^-\s]/m.test(each)))
    try {
      await database.pool.query(statement);
    } catch (error) {
      faults.push(`${statement.trim()}\n${(error as Error).message}`);
    }
  return faults;
}

function lacks(program: string, { text }: Block): boolean {
  return (
    new RegExp(`(?:^|[|&;(] *)${program} `, 'm').test(text) &&
    spawnSync('bash', ['-c', `command -v ${program}`]).status !== 0
  );
}
