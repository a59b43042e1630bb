import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { WebhookVerificationError, verifyWebhook } from '../../clients/typescript/src/index.js';
import { EventStreamParser } from '../../clients/typescript/src/jobs/event-stream.js';
import { secondsOf } from '../../clients/typescript/src/transport/answers.js';
import { waitBefore } from '../../clients/typescript/src/transport/backoff.js';

describe('the pauses of the TypeScript client', () => {
  test('double up to 10 s, with all of it left to chance', () => {
    const longest = [1, 2, 3, 4, 6, 7, 50].map((retry) => waitBefore(retry, undefined, () => 1));
    expect(longest).toEqual([250, 500, 1_000, 2_000, 8_000, 10_000, 10_000]);
    expect(waitBefore(9, undefined, () => 0)).toBe(0);
  });

  test('come on top of what the service asks for, which is a minute at most', () => {
    expect(waitBefore(1, 60_000, () => 0.5)).toBe(60_125);
    expect(waitBefore(1, 60_001)).toBeUndefined();
  });

  test('know both forms of Retry-After', () => {
    const now = Date.parse('2026-02-01T12:00:00Z');
    expect(secondsOf('7', now)).toBe(7);
    expect(secondsOf('Sun, 01 Feb 2026 12:00:30 GMT', now)).toBe(30);
    expect(secondsOf('Sun, 01 Feb 2026 11:00:00 GMT', now)).toBe(0);
    expect([secondsOf(null, now), secondsOf('soon', now)]).toEqual([undefined, undefined]);
  });
});

test('the TypeScript client reads streams of events as the library for them does, in whatever pieces', () => {
  const word = fc.constantFrom(
    'data',
    'event',
    'id',
    'retry',
    'x',
    ':',
    ': ',
    ' ',
    '7',
    'é',
    '\uFEFF',
    '\0',
    'a: b',
  );
  const end = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r');
  const stream = fc.array(
    fc.oneof(word, end, fc.constantFrom('data: 1\n', 'id: 2\n', 'event: e\n', 'data\n')),
  );
  fc.assert(
    fc.property(stream, fc.array(fc.integer({ min: 1, max: 5 })), (parts, sizes) => {
      const text = parts.join('');
      const parser = new EventStreamParser();
      const mine = [];
      let at = 0;
      for (const size of sizes) mine.push(...parser.feed(text.slice(at, (at += size))));
      mine.push(...parser.feed(text.slice(at)));
      // The library waits for what follows a carriage return at the end of a piece, too.
      const theirs: object[] = [];
      const library = createParser({
        onEvent: ({ event = 'message', data }) => theirs.push({ event, data }),
      });
      library.feed(text);
      expect(mine.map(({ event, data }) => ({ event, data }))).toEqual(theirs);
    }),
    { numRuns: 2_000 },
  );
});

test('the TypeScript client remembers the last id of a stream, and how soon to come back', () => {
  const parser = new EventStreamParser();
  const ids = parser.feed('id: 1\nretry: 70\n\nretry: x\ndata: a\n\nid: 2\ndata: b\n\nid: 3\0\ndata: c\n\n');
  expect(ids.map(({ lastEventId }) => lastEventId)).toEqual(['1', '2', '2']);
  expect(parser.retryMs).toBe(70);
});

describe('the check of webhooks', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const body = JSON.stringify({ type: 'webhook.test', timestamp: 'now', data: { webhook_id: 'é' } });
  const signed = (at = new Date(), by = secret) => ({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('evt_1', at, body),
  });
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

  test('takes what the library of the standard has signed, in every form', async () => {
    const event = JSON.parse(body);
    expect(await verifyWebhook(body, signed(), secret)).toEqual(event);
    expect(await verifyWebhook(Buffer.from(body), new Headers(signed()), secret)).toEqual(event);
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    expect(await verifyWebhook(body, signed(), [other, secret])).toEqual(event);
    const both = `v1,AAAA v2,x ${signed()['webhook-signature']}`;
    expect(await verifyWebhook(body, { ...signed(), 'webhook-signature': both }, secret)).toEqual(event);
    expect(await verifyWebhook(body, signed(ago(290)), secret)).toEqual(event);
  });

  test.each([
    ['another body', `${body} `, signed()],
    ['another secret', body, signed(new Date(), `whsec_${Buffer.alloc(24, 9).toString('base64')}`)],
    ['another id', body, { ...signed(), 'webhook-id': 'evt_2' }],
    ['an old request', body, signed(ago(310))],
    ['one of the future', body, signed(ago(-310))],
    ['a time that is none', body, { ...signed(), 'webhook-timestamp': 'NaN' }],
    ['no signature', body, { ...signed(), 'webhook-signature': undefined }],
    ['an empty signature', body, { ...signed(), 'webhook-signature': 'v1,' }],
    ['a signature that is no base64', body, { ...signed(), 'webhook-signature': 'v1,%%%' }],
    ['a signature of another version', body, { ...signed(), 'webhook-signature': 'v1a,AAAA' }],
    ['no headers', body, {}],
  ])('refuses %s', async (_, text, headers) => {
    await expect(verifyWebhook(text, headers, secret)).rejects.toThrow(WebhookVerificationError);
  });

  test('says so when the secret is none', async () => {
    for (const none of ['', 'whsec_', 'whsec_%'])
      await expect(verifyWebhook(body, signed(), none)).rejects.toThrow(TypeError);
  });
});
