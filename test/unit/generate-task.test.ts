import { taskNames } from '../../src/cli/generate/task-names.js';
import { withProvider } from '../../src/cli/generate/tasks-module.js';

describe('the name of a new job type', () => {
  test.each([
    ['echo2', 'echo2', 'echo2', 'Echo2'],
    ['count_words', 'count_words', 'count-words', 'CountWords'],
    ['count-words', 'count_words', 'count-words', 'CountWords'],
    ['s3_copy', 's3_copy', 's3-copy', 'S3Copy'],
  ])('%s names everything', (name, type, file, className) => {
    expect(taskNames(name)).toEqual({ type, file, className });
  });

  test.each(['', 'CountWords', '1st', 'a__b', '_a', 'a_', 'a b', '../a', 'a/b', 'ä', 'a.b', 'x'.repeat(51)])(
    '"%s" is refused',
    (name) => {
      expect(() => taskNames(name)).toThrow(/^A task cannot be called ".*": use small letters and digits/);
    },
  );
});

describe('a module', () => {
  const add = (source: string) => withProvider(source, 'BHandler', './b/b.handler.js', 'the.module.ts');
  const imports = `import { Module } from '@nestjs/common';\nimport {\n  AHandler,\n} from './a.js';\n`;
  const added = `import { BHandler } from './b/b.handler.js';\n`;

  test.each([
    ['providers: [AHandler]', 'providers: [AHandler, BHandler]'],
    ['providers: []', 'providers: [BHandler]'],
    ['imports: [A], providers: [\n  AHandler,\n  C,\n]', 'imports: [A], providers: [AHandler, C, BHandler]'],
  ])('gets one provider more: %j', (before, after) => {
    const module = (providers: string) => `\n/** Tasks. */\n@Module({ ${providers} })\nexport class M {}\n`;
    expect(add(imports + module(before))).toBe(imports + added + module(after));
  });

  test('that is written in another way is refused', () => {
    expect(() => add(`${imports}@Module({ providers })\nexport class M {}`)).toThrow(
      'the.module.ts has no list of the form "providers: [...]"',
    );
  });
});
