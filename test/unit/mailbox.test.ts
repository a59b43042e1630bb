import { domainOf, parseMailbox } from '../../src/common/index.js';

describe('a mailbox', () => {
  test.each([
    ['ada@example.org', '', 'ada@example.org'],
    ['  ada+news@mail.example.org ', '', 'ada+news@mail.example.org'],
    ['root@localhost', '', 'root@localhost'],
    ['<ada@example.org>', '', 'ada@example.org'],
    ['Ada Lovelace <ada@example.org>', 'Ada Lovelace', 'ada@example.org'],
    ['Lovelace, Ada <ada@example.org>', 'Lovelace, Ada', 'ada@example.org'],
    ['"Lovelace, \\"Ada\\"" <ada@example.org>', 'Lovelace, "Ada"', 'ada@example.org'],
    ['eve@example.com <ada@example.org>', 'eve@example.com', 'ada@example.org'],
    ['Jürgen Groß <jürgen@bücher.example>', 'Jürgen Groß', 'jürgen@bücher.example'],
  ])('is read from %s', (text, name, address) => {
    expect(parseMailbox(text)).toEqual({ name, address });
  });

  test.each([
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@@example.org',
    'a da@example.org',
    '.ada@example.org',
    'ada..l@example.org',
    'ada@example..org',
    'ada@-example.org',
    'ada@example.org.',
    'ada@exa_mple.org',
    'ada@256.256.256.256',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(64)}.org`,
    `ada@${'a.'.repeat(127)}org`,
    'ada@example.org, eve@example.com',
    'Ada <ada@example.org>, Eve <eve@example.com>',
    'Ada <ada@example.org> <eve@example.com>',
    'Ada <ada@example.org',
    'Ada "Countess" <ada@example.org>',
    'ada@example.org\r\nBcc: eve@example.com',
    'Ada\nBcc: eve@example.com <ada@example.org>',
    'ada\u0000@example.org',
    'ada\ud800@example.org',
  ])('is not read from %j', (text) => {
    expect(parseMailbox(text)).toBeUndefined();
  });

  test('has a domain in the letters that the network takes', () => {
    expect(domainOf(parseMailbox('Ada <ada@Bücher.example>')!)).toBe('xn--bcher-kva.example');
    expect(domainOf(parseMailbox('root@localhost')!)).toBe('localhost');
  });
});
