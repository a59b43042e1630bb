import { parseJsonBody } from '../../src/common/http/index.js';
import { DomainError } from '../../src/common/index.js';

const parse = (text: string) => parseJsonBody(Buffer.from(text));

function refusal(body: string | Buffer): { code: string; pointers: string[] | undefined } {
  try {
    parseJsonBody(typeof body === 'string' ? Buffer.from(body) : body);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    const { code, options } = error as DomainError;
    return { code, pointers: options.faults?.map((fault) => fault.pointer) };
  }
  throw new Error('It was accepted');
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a JSON body', () => {
  test('that is empty is none', () => {
    expect(parse('')).toBeUndefined();
  });

  test.each([
    '{"a":[1,-0.5,1e2,true,false,null,"x"]}',
    '"text"',
    '9007199254740991',
    '-9007199254740992',
    '{"a":"12345678901234567890","b":"1e400"}',
    '{"text":"caf\\u00e9 \\ud83d\\ude00 😀 \\\\ud800 \\\\u0000"}',
    '{"text":"[[[[ {{{{ \\" ]]"}',
    '{"constructor":"Acme","toString":1,"prototype":{},"hasOwnProperty":null}',
    nested(32),
  ])('is taken as it is: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['not JSON', 'malformed_json', '{"a":'],
    ['a single quote', 'malformed_json', "{'a':1}"],
    ['a comment', 'malformed_json', '{} // x'],
    ['NaN', 'malformed_json', '{"a":NaN}'],
    ['a raw control character', 'malformed_json', '{"a":"\u0000"}'],
    ['a byte order mark', 'malformed_json', '\ufeff{}'],
    ['nothing but blanks', 'malformed_json', '  '],
    ['__proto__', 'forbidden_key', '{"payload":{"__proto__":{"admin":true}}}'],
    ['an escaped __proto__', 'forbidden_key', '{"\\u005f_proto__":1}'],
    ['constructor.prototype', 'forbidden_key', '{"a":{"constructor":{"prototype":{"b":1}}}}'],
  ])('with %s is refused as %s', (_, code, text) => {
    expect(refusal(text).code).toBe(code);
  });

  test.each([
    ['broken', Buffer.from([0x22, 0xff, 0x22])],
    ['cut short', Buffer.from([0x22, 0xe2, 0x82])],
    ['surrogates as if they were characters', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{"a":"ä"}', 'utf16le')],
    ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00])],
  ])('that is not UTF-8 is refused: %s', (_, bytes) => {
    expect(refusal(bytes)).toEqual({ code: 'bad_encoding', pointers: undefined });
  });

  test.each([nested(33), `{"a":${nested(32)}}`, '{"a":'.repeat(33), '['.repeat(1_000_000)])(
    'nested deeper than 32 levels is refused before it is parsed: %.20s…',
    (text) => {
      expect(refusal(text)).toEqual({ code: 'too_deep', pointers: [''] });
    },
  );

  test.each([
    ['{"a":{"n":12345678901234567890}}', ['/a/n']],
    ['{"ok":1,"n":[1,9007199254740993]}', ['/n/1']],
    ['{"n":1e400,"m":-1e400}', ['/n', '/m']],
    ['12345678901234567890', ['']],
    ['{"a/b":{"c~d":1e999}}', ['/a~1b/c~0d']],
  ])('with a number that no double holds is refused: %s', (text, pointers) => {
    expect(refusal(text)).toEqual({ code: 'invalid_number', pointers });
  });

  test.each([
    ['{"a":"x\\u0000y"}', ['/a']],
    ['{"a":["ok","\\ud800"]}', ['/a/1']],
    ['{"a":"\\udc00\\ud800"}', ['/a']],
    ['{"a":{"\\u0000":1}}', ['/a/\0']],
    ['{"\\ud800":1}', ['/\ufffd']],
    ['"\\u0000"', ['']],
  ])('with text that cannot be stored is refused: %s', (text, pointers) => {
    expect(refusal(text)).toEqual({ code: 'invalid_unicode', pointers });
  });

  test('names a hundred faults at most', () => {
    expect(refusal(`[${'"\\u0000",'.repeat(5_000)}1]`).pointers).toHaveLength(100);
  });
});
