import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import ts from 'typescript';
import { type Block, DOCUMENTS, blocksOf } from '../support/documents/blocks.js';
import { RUN_BY, SURROUNDINGS } from '../support/documents/code.js';

const CODE = ['ts', 'typescript', 'js', 'javascript', 'mjs', 'py', 'python'];

const pieces = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => CODE.includes(language));
const surroundingsOf = ({ document, text }: Block) =>
  SURROUNDINGS.find((each) => each.document === document && text.startsWith(each.begins));
const runnerOf = ({ document, language }: Block) =>
  RUN_BY.find((each) => each.document === document && each.language === language);

/** The pieces that are checked, as files: by path, what would be in them. */
const files = new Map<string, string>(
  pieces.flatMap((piece, index) => {
    const { path, before = '', after = '' } = surroundingsOf(piece) ?? {};
    if (runnerOf(piece) || !surroundingsOf(piece)) return [];
    const place = resolve(path ?? `test/support/documents/shown-${index}.ts`);
    return [[place, `${before}${piece.text.replaceAll(', …,', ', ...shown,')}\n${after}\nexport {};\n`]];
  }),
);

/** What the compiler says of files that are not on the disk. */
function complaints(): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, process.cwd());
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const { directoryExists, fileExists, readFile } = host;
  const folders = new Set([...files.keys()].map((file) => dirname(file)));
  host.directoryExists = (folder) => folders.has(folder) || directoryExists!(folder);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  const program = ts.createProgram([...files.keys()], { ...options, noEmit: true }, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      const line = source.text.slice(0, start).split('\n').length - 1;
      return `${source.text.split('\n')[line]}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}

describe('the code in documents', () => {
  test('is known to a test, which checks its types or runs it', () => {
    const unknown = pieces.filter((piece) => !surroundingsOf(piece) && !runnerOf(piece));
    expect(unknown.map(({ document, line }) => `${document}:${line}`)).toEqual([]);
  });

  test('is still there', () => {
    const gone = SURROUNDINGS.filter(
      ({ document, begins }) =>
        DOCUMENTS.includes(document) &&
        !pieces.some((piece) => piece.document === document && piece.text.startsWith(begins)),
    );
    expect(gone).toEqual([]);
  });

  const run = RUN_BY.filter((each) => pieces.some((piece) => runnerOf(piece) === each));
  test.each(run)('$document ($language) is read by $test', ({ document, test: file }) => {
    expect(readFileSync(file, 'utf8')).toContain(basename(document));
  });

  test('fits the types of the product', () => {
    expect(complaints()).toEqual([]);
  });
});
