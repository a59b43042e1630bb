import { readFileSync } from 'node:fs';
import { EDGES, MATRIX, STATES } from '../support/state-machine.js';

const text = readFileSync(new URL('../../docs/state-machine.md', import.meta.url), 'utf8');

/** The rows of the Markdown table that stands under a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('docs/state-machine.md', () => {
  test('has every edge that is tested, and no other', () => {
    const tested = EDGES.map(({ from, cause, to, event, attempts, limit, lock, key }) => [
      ...[from, cause, to, event, attempts, limit, lock, key],
    ]);
    expect(tableUnder('Every edge')).toEqual(tested);
  });

  test('says of every operation in every state what is tested', () => {
    const tested = Object.entries(MATRIX).map(([operation, cells]) => [operation, ...cells]);
    expect(tableUnder('Every operation in every state')).toEqual(tested);
    const head = text.split('\n').find((line) => line.startsWith('| Operation '));
    expect(cellsOf(head ?? '')).toEqual(['Operation', ...STATES]);
  });

  test('draws every move between two states, and no other', () => {
    const name = (state: string) => (state === '–' ? '[*]' : state);
    const moves = EDGES.filter(({ from, to }) => from !== to).map(
      ({ from, to }) => `${name(from)} --> ${name(to)}`,
    );
    const drawn = [...text.matchAll(/^ +(\S+ --> \S+):/gm)].map(([, move]) => move);
    expect([...drawn].sort()).toEqual([...new Set(moves)].sort());
  });
});
