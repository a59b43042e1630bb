import { parseSearch } from '../../src/jobs/list/search.js';

describe('a search', () => {
  const value = (place: 'payload' | 'result', path: string[], text: string, isQuoted = false) => ({
    in: place,
    path,
    value: text,
    isQuoted,
  });

  test.each<[string, object[]]>([
    ['payload.user.id:42', [value('payload', ['user', 'id'], '42')]],
    ['payload.items.0.sku:a-1', [value('payload', ['items', '0', 'sku'], 'a-1')]],
    ['result.ok:true', [value('result', ['ok'], 'true')]],
    ['payload.name:"Ada L."', [value('payload', ['name'], 'Ada L.', true)]],
    ['payload.url:http://a/b?c=d:e', [value('payload', ['url'], 'http://a/b?c=d:e')]],
    ['payload."user name"."a.b:c":x', [value('payload', ['user name', 'a.b:c'], 'x')]],
    ['payload.a:"say \\"hi\\" \\\\"', [value('payload', ['a'], 'say "hi" \\', true)]],
    ['payload.a:""', [value('payload', ['a'], '', true)]],
    ['error:timeout', [{ in: 'error', text: 'timeout' }]],
    ['error:"timed out"', [{ in: 'error', text: 'timed out' }]],
    [
      '  payload.a:1   error:"x y"\tresult.b:2 ',
      [value('payload', ['a'], '1'), { in: 'error', text: 'x y' }, value('result', ['b'], '2')],
    ],
  ])('is read: %s', (text, terms) => {
    expect(parseSearch(text)).toEqual({ terms });
  });

  test.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['timeout', 'cannot be read from "timeout" on'],
    ['payload.a:1 and more', 'cannot be read from "and more" on'],
    ['payload.a: 1', 'cannot be read from "payload.a: 1" on'],
    ['payload.a:', 'cannot be read from "payload.a:" on'],
    ['payload..a:1', 'cannot be read from "payload..a:1" on'],
    ['payload.a:"open', 'cannot be read from "payload.a:\\"open" on'],
    ['payload.a:"x"y', 'cannot be read from "payload.a:\\"x\\"y" on'],
    ['payload:1', 'has payload without a path: write payload.name:value'],
    ['error.message:x', 'has a path after error, which is only a text: write error:"text"'],
    [
      'paylod.a:1',
      'looks into "paylod", and can only look into payload, result, error. Did you mean "payload"?',
    ],
    ['constructor.a:1', 'looks into "constructor", and can only look into payload, result, error.'],
    [Array.from({ length: 11 }, () => 'error:x').join(' '), 'has more than 10 terms'],
    [`payload${'.a'.repeat(33)}:1`, 'has a path of more than 32 steps'],
  ])('that makes no sense is refused: %s', (text, fault) => {
    expect(parseSearch(text)).toEqual({ fault });
  });

  test('is read in no time, whatever it is', () => {
    const startedAt = performance.now();
    for (const part of ['"', '\\"', 'a.', ':', 'a:b ', '."', '\\', ' ', 'payload.a']) {
      parseSearch(part.repeat(500 / part.length));
      parseSearch(`payload.${part.repeat(490 / part.length)}`);
    }
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
