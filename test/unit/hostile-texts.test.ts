import { readFileSync } from 'node:fs';
import { RouteMethods } from '../../src/common/http/index.js';
import { isOwnHost } from '../../src/common/http/host-names.js';
import { parseMailbox, printableText, withoutSecrets } from '../../src/common/index.js';
import { report } from '../../src/doctor/report.js';
import { webhookRules } from '../../src/egress/index.js';
import { resolveConfig } from '../../src/config/index.js';
import { retryAfterSeconds } from '../../src/egress/index.js';
import { byteRangeOf } from '../../src/jobs/artifacts/byte-range.js';
import { parseSearch } from '../../src/jobs/list/search.js';
import { preferredWait } from '../../src/jobs/wait/prefer.js';
import { normalMessage } from '../../src/queue/settle/normal-message.js';
import { ownFrame } from '../../src/queue/settle/own-frame.js';
import { storableError } from '../../src/queue/settle/storable-error.js';
import { headersFault } from '../../src/tasks/http-request/request-headers.js';

const HEADER = 8 * 1024;
const ERROR = 4 * 1024;
const rules = webhookRules(resolveConfig({}));

/** What reads texts that anybody may send, and how long (characters) they can be there. */
const READERS: Record<string, readonly [longest: number, read: (text: string) => unknown]> = {
  'a Host': [HEADER, (text) => isOwnHost(text, ['jobs.example.org', '.example.org'])],
  'a Prefer': [HEADER, (text) => preferredWait(text)],
  'a Range': [HEADER, (text) => byteRangeOf(text, 1_000)],
  'a Retry-After': [16 * 1024, (text) => retryAfterSeconds(text, 0)],
  'a search': [HEADER, (text) => parseSearch(text)],
  'a mailbox': [1_000, (text) => parseMailbox(text)],
  'a header of http_request': [8_000, (text) => headersFault({ 'X-A': text, [text]: 'x' })],
  'the address of a webhook': [ERROR, (text) => rules.faultOf(text)],
  'the message of an error': [64 * 1024, (text) => storableError(new Error(text))],
  'the message of an error for its group': [ERROR, (text) => normalMessage(text)],
  'the stack of an error for its group': [ERROR, (text) => ownFrame(text)],
  'a line of the log': [64 * 1024, (text) => withoutSecrets(text)],
};

/** Beginnings and what is repeated after them, over and over: what makes a pattern look again and again. */
const HOSTILE = [
  ...[' ', '\t', '"', '\\', '\\"', "'", ':', '://', '@', '.', '/', '-', ',', ';', '=', '<', '(', '0', '1:'],
  ...[
    'a',
    'A1',
    'a.',
    'a@',
    'a:',
    '://a:',
    'a-',
    'eyJ',
    '-eyJ',
    'bearer ',
    'Bearer A',
    ' wait=',
    'payload.a.',
  ],
  ...['at (/', '\n    at ', '[', ':0', '0x', '1.', '1e', '<a', '"a" ', 'é', '\u202e', 'é.', '😀', '\ud800'],
];
const BEGINNINGS = ['', '"', 'a', 'A <', 'payload.a:"', 'bytes=', 'https://', '    at x (/', '://a:', 'eyJa'];
const ENDINGS = ['!', '"', '@'];

describe('a hostile text', () => {
  test.each(Object.entries(READERS))('does not keep the process busy as %s', (_, [longest, read]) => {
    let slowest: readonly [ms: number, text: string] = [0, ''];
    for (const beginning of BEGINNINGS)
      for (const repeated of HOSTILE)
        for (const ending of ENDINGS) {
          const times = Math.floor((longest - beginning.length - ending.length) / repeated.length);
          const text = beginning + repeated.repeat(times) + ending;
          const from = performance.now();
          read(text);
          const ms = performance.now() - from;
          if (ms > slowest[0]) slowest = [ms, JSON.stringify(text.slice(0, 40))];
        }
    // What looks again and again takes minutes.
    expect(slowest[0]).toBeLessThan(1_500);
  });

  test('does not keep the process busy as an address of the API', () => {
    const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, object> };
    const routes: ((route: { url: string; method: string }) => void)[] = [];
    const fastify = { addHook: (_: string, added: (typeof routes)[0]) => routes.push(added) };
    const methods = new RouteMethods(fastify as never);
    for (const path of Object.keys(document.paths))
      routes[0]!({ url: path.replaceAll(/\{(\w+)\}/g, ':$1'), method: 'GET' });
    const from = performance.now();
    for (const part of ['/', '/jobs', 'a', '%', '/jobs/a/', '..', '.'])
      methods.of(`/${part.repeat(HEADER / part.length)}`);
    expect(performance.now() - from).toBeLessThan(1_500);
  });

  test.each([
    ['\u001b]0;owned\u0007', '\\u{1b}]0;owned\\u{7}'],
    ['\u009b31m', '\\u{9b}31m'],
    ['a\r\nOK', 'a\\u{d}\\u{a}OK'],
    ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
    ['\u2066x\u2069\u200b\ufeff', '\\u{2066}x\\u{2069}\\u{200b}\\u{feff}'],
    ['\u2028\ud800', '\\u{2028}\\u{d800}'],
    ['Grüße 😀 שלום', 'Grüße 😀 שלום'],
  ])('steers no terminal: %j', (text, shown) => {
    expect(printableText(text)).toBe(shown);
    const finding = { check: 'server', level: 'error', says: text, why: text, fix: text } as const;
    expect(report([finding]).split(shown)).toHaveLength(4);
  });
});
