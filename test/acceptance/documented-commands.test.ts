import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { DOCUMENTS, blocksOf } from '../support/documents/blocks.js';
import { type Report, follow, isDone } from '../support/documents/follow.js';
import { isListed, testsElsewhere, unusedEntries } from '../support/documents/not-run.js';

const blocks = DOCUMENTS.flatMap(blocksOf).filter(isDone);
/** DOCUMENT names the only one that is wanted. */
const wanted = (document: string) => !process.env.DOCUMENT || process.env.DOCUMENT === document;
const documents = [
  ...new Set(blocks.filter((block) => !isListed(block)).map(({ document }) => document)),
].filter(wanted);

const missing = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).status !== 0);
if (missing.length > 0)
  process.stderr.write(`Skipped: the commands of documents (there is no ${missing.join(' and no ')})\n`);

(missing.length > 0 ? describe.skip : describe)('the commands of', () => {
  const reports = new Map<string, PromiseWithResolvers<Report>>(
    documents.map((document) => [document, Promise.withResolvers<Report>()]),
  );
  // It is looked at by its own test, which may be later.
  for (const { promise } of reports.values()) promise.catch(() => undefined);

  // Two at a time, for most of what they do is to wait.
  beforeAll(() => {
    const left = [...documents];
    const goOn = async (): Promise<void> => {
      const document = left.shift();
      if (document === undefined) return;
      const { resolve, reject } = reports.get(document)!;
      await follow(document).then(resolve, reject);
      await goOn();
    };
    void goOn();
    void goOn();
  });

  test.each(documents)('%s work as they stand', async (document) => {
    const { faults, skipped } = await reports.get(document)!.promise;
    for (const one of skipped) process.stderr.write(`Skipped: ${one}\n`);
    expect(faults.join('\n\n')).toBe('');
  });
});

test('what is not run is a block that there is', () => {
  expect(unusedEntries(blocks)).toEqual([]);
});

test('what other tests run is run', () => {
  expect(testsElsewhere().filter((file) => !existsSync(file))).toEqual([]);
});
