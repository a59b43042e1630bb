import { fingerprintOf } from '../../src/queue/settle/fingerprint.js';
import { normalMessage } from '../../src/queue/settle/normal-message.js';
import { ownFrame } from '../../src/queue/settle/own-frame.js';

/** Messages of one cause. */
const SAME: [one: string, other: string][] = [
  ['failure 1', 'failure 23'],
  ['Took 5s', 'Took 12.5s'],
  ['Took 300 ms, limit is 250', 'Took 4,000 ms, limit is 1_000'],
  ['Balance is -5', 'Balance is +17.25e3'],
  ['No user 0190a5c7-3b1e-7c2d-9a4f-1234567890ab', 'No user FFFFA5C7-3B1E-4C2D-9A4F-ABCDEF012345'],
  ['Object 507f1f77bcf86cd799439011 is gone', 'Object 65a1b2c3d4e5f60718293a4b is gone'],
  ['Bad pointer 0x7ffeefbff5c8', 'Bad pointer 0x10'],
  ['Commit 9fceb02d0ae5 not found', 'Commit 1a2b3c4d5e6f not found'],
  ['Upload 01HXYZ7N8Q9R0S1T2V3W4X5Y6Z expired', 'Upload 01J0ABCDEF1G2H3J4K5M6N7P8Q expired'],
  ['Token V1StGXR8_Z5jdHi6B-myT0123 is invalid', 'Token 9yHk2_PqLm4n-RsTuVw5XyZ012 is invalid'],
  ['Unexpected token "a" in JSON at position 4', 'Unexpected token "<" in JSON at position 0'],
  ["Cannot open '/tmp/a-1/x.csv'", "Cannot open '/var/y.csv'"],
  ['No column `a`', 'No column `b_c`'],
  ['No template “Welcome”', 'No template “Good-bye”'],
  ["Value 'it' isn't one of the user's", "Value 'other thing' isn't one of the user's"],
  ['GET https://api.example.com/users/42?page=3 failed', 'GET https://api.example.com/users/7 failed'],
  ['See http://example.com/a/b2c3/d#top', 'See http://example.com/a/x9/d?q=1'],
  ['postgres://me:secret@db.internal/app is down', 'postgres://you:other@db.internal/app is down'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 10.20.30.40:45001'],
  ['connect ECONNREFUSED ::1:5432', 'connect ECONNREFUSED fe80::1ff:fe23:4567:890a:80'],
  ['Expired at 2026-02-01T14:30:00.000Z', 'Expired at 2025-12-31 23:59:59+02:00'],
  ['Nothing for 2026-02-01', 'Nothing for 1999-12-31'],
  [
    'Since Sat Nov 22 2025 04:28:00 GMT+0000 (Coordinated Universal Time)',
    'Since Sun Mar 1 2026 14:00:00 GMT+0100',
  ],
  ['Last modified Tue, 15 Nov 1994 08:12:31 GMT', 'Last modified Wed, 2 Dec 2020 18:02:01 GMT'],
  ['Mail to jane.doe+x@example.co.uk bounced', 'Mail to bob@example.com bounced'],
  ['user1234 has no rights', 'user99 has no rights'],
  [
    'Worker 3f0e8f6a-92d0-4a52-8d0c-0e7d7b2f4b11 stopped responding during attempt 1',
    'Worker b2e0a6c4-1d2f-4c3b-9a8e-7f6d5c4b3a21 stopped responding during attempt 12',
  ],
  ['too   many\n  spaces', 'too many spaces'],
  ['\u001b[31mred\u001b[0m alert', 'red alert'],
  [`list: ${'word '.repeat(100)}`, `list: ${'word '.repeat(200)}`],
];

/** Messages of two causes. */
const DIFFERENT: [one: string, other: string][] = [
  ['connection refused', 'connection reset'],
  ['Request failed with status code 404', 'Request failed with status code 503'],
  ['HTTP 404', 'HTTP 500'],
  ['HTTP/1.1 404 Not Found', 'HTTP/1.1 500 Internal Server Error'],
  ['Command failed with exit code 1', 'Command failed with exit code 137'],
  ['SQLSTATE 23505', 'SQLSTATE 40001'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ETIMEDOUT 127.0.0.1:5432'],
  ['GET https://a.example.com/users failed', 'GET https://b.example.com/users failed'],
  ['GET https://a.example.com/users failed', 'GET https://a.example.com/orders failed'],
  ['GET https://a.example.com/v1/users failed', 'GET https://a.example.com/v2/users failed'],
  ['invalid utf8', 'invalid utf9'],
  ['ERR_HTTP2_STREAM_CANCEL', 'ERR_HTTP2_STREAM_ERROR'],
  ['"a" is missing', '"a" is too long'],
  ["it isn't there, it's gone", "it isn't here, it's gone"],
  ['no such file', 'No such table'],
  ['', 'x'],
];

const error = (message: string, more: object = {}) => ({ name: 'Error', message, ...more });
const stack = (...frames: string[]) => ['Error: x', ...frames.map((frame) => `    at ${frame}`)].join('\n');

describe('the fingerprint of an error', () => {
  test.each(SAME)('is the same for %j and %j', (one, other) => {
    expect(normalMessage(one)).toBe(normalMessage(other));
    expect(fingerprintOf(error(one), 'mail')).toBe(fingerprintOf(error(other), 'mail'));
  });

  test.each(DIFFERENT)('differs for %j and %j', (one, other) => {
    expect(fingerprintOf(error(one), 'mail')).not.toBe(fingerprintOf(error(other), 'mail'));
  });

  test('differs by the name of the error', () => {
    expect(fingerprintOf({ name: 'TypeError', message: 'x' }, 'mail')).not.toBe(
      fingerprintOf({ name: 'RangeError', message: 'x' }, 'mail'),
    );
  });

  test('differs by the type of the job where no line of the stack is its own, and only there', () => {
    expect(fingerprintOf(error('x'), 'mail')).not.toBe(fingerprintOf(error('x'), 'report'));
    const foreign = { stack: stack('write (node:internal/fs:1:2)', 'f (/app/node_modules/pg/lib/x.js:3:4)') };
    expect(fingerprintOf(error('x', foreign), 'mail')).not.toBe(fingerprintOf(error('x', foreign), 'report'));
    const own = { stack: stack('send (/app/dist/src/mail.js:3:4)') };
    expect(fingerprintOf(error('x', own), 'mail')).toBe(fingerprintOf(error('x', own), 'report'));
  });

  test('is 16 hexadecimal digits that never change: they are stored', () => {
    const thrown = error('No user 7', { stack: stack('Mailer.send (/app/dist/src/mail/mailer.js:10:11)') });
    expect(fingerprintOf(thrown, 'mail')).toBe('d7e42de411284225');
    expect(fingerprintOf(error(''), 'mail')).toMatch(/^[0-9a-f]{16}$/);
  });

  test('takes no time for the longest messages, however odd', () => {
    const odd = ["'", '"', '1.', '0x', 'a:', 'a@', 'http://', '1-', 'z9', '::', 'status ', '«', '\u001b['];
    const started = performance.now();
    for (const text of odd) normalMessage(text.repeat(4096 / text.length));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('the own line of a stack', () => {
  test.each([
    ['Mailer.send (/home/jane/app/dist/src/mail/mailer.js:10:11)', 'Mailer.send mail/mailer'],
    ['Mailer.send (file:///srv/app/src/mail/mailer.ts:99:1)', 'Mailer.send mail/mailer'],
    ['async Mailer.send (C:\\work\\app\\src\\mail\\mailer.ts:5:5)', 'Mailer.send mail/mailer'],
    ['new Mailer (/opt/src/mail/mailer.mjs:5:5)', 'Mailer mail/mailer'],
    ['Mailer.send [as run] (/opt/handlers/mail.cjs:5:5)', 'Mailer.send handlers/mail'],
    ['/srv/app/src/mail.ts:5:5', ' mail'],
    ['async Promise.all (index 0)', undefined],
    ['node:internal/process/task_queues:105:5', undefined],
    ['JobRunner.callHandler (/srv/app/dist/src/worker/job-runner.js:5:5)', undefined],
  ])('of %s is %s', (frame, expected) => {
    expect(ownFrame(stack(frame))).toBe(expected);
  });

  test('comes after those of Node and of packages', () => {
    const frames = ['read (node:fs:1:2)', 'q (/a/node_modules/pg/x.js:1:2)', 'own (/a/src/own.ts:1:2)'];
    expect(ownFrame(stack(...frames, 'caller (/a/src/caller.ts:1:2)'))).toBe('own own');
  });

  test('is found below a message of many lines', () => {
    expect(ownFrame(`Error: one\ntwo\n  three at four\n    at f (/a/src/f.js:1:2)`)).toBe('f f');
  });
});
