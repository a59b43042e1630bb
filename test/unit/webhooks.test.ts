import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { type Config, resolveConfig } from '../../src/config/index.js';
import { webhookRules } from '../../src/egress/index.js';
import { CallbackRules } from '../../src/queue/enqueue/callback-rules.js';
import type { ResolvedJob } from '../../src/queue/enqueue/new-job.js';
import { type WebhookEvent, bodyOf, targetsOf } from '../../src/queue/settle/webhook-event.js';
import { type Attempt, verdictOf } from '../../src/webhooks/delivery/attempt.js';
import { nextDelay, turnIn } from '../../src/webhooks/delivery/schedule.js';
import { SecretBox } from '../../src/webhooks/secrets/secret-box.js';
import { newSecret, signatureOf } from '../../src/webhooks/secrets/signature.js';

describe('the signature of an event', () => {
  test('is the one of the specification', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const signed = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    };
    expect(signatureOf([secret], signed)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('is one for each secret, and each secret is new', () => {
    const secrets = [newSecret(), newSecret()];
    expect(secrets[0]).not.toBe(secrets[1]);
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(secrets, { id: 'evt_1', timestamp, body: '{"ä":1}' }),
    };
    for (const secret of secrets) expect(new Webhook(secret).verify('{"ä":1}', headers)).toEqual({ ä: 1 });
    expect(() => new Webhook(newSecret()).verify('{"ä":1}', headers)).toThrow('No matching signature');
  });
});

describe('the waits between the tries of a delivery', () => {
  const schedule = { delays: [5, 300], jitter: 0.1 };

  test.each([
    [1, undefined, 0, 5],
    [1, undefined, 1, 5.5],
    [2, undefined, 0, 300],
    [2, 30, 0, 300],
    [1, 60, 0, 60],
    [3, undefined, 0, undefined],
    [3, 60, 0, undefined],
  ])('after try %i, asked for %p s, at chance %p are %p s', (tries, asked, random, expected) => {
    expect(nextDelay(schedule, tries, asked, random)).toBe(expected);
  });
});

test.each([
  [{ heldFor: 7, failingFor: 10 }, 7],
  [{ heldFor: -3, failingFor: 2 }, 2.5],
  [{ heldFor: 60, failingFor: 3_600 }, 900],
  [{ heldFor: 60, failingFor: 400_000 }, 3_600],
])('a delivery to an endpoint that fails, %j, asks again in %d s', (doing, expected) => {
  expect(turnIn(doing, 5)).toBe(expected);
});

describe('an answer', () => {
  const answered = (status: number | undefined, retryAfter?: string): Attempt => ({
    status,
    body: '',
    retryAfter,
    durationMs: 1,
    error: status === undefined ? 'no answer' : undefined,
  });

  test.each([
    [answered(200), { error: undefined }],
    [answered(204), { error: undefined }],
    [answered(410), { isGone: true }],
    [answered(429, '7'), { waitAsked: 7 }],
    [answered(503, '99999'), { waitAsked: 3_600 }],
    [answered(500, '7'), { error: 'The receiver answered with status 500', waitAsked: undefined }],
    [answered(undefined), { error: 'no answer' }],
  ])('%j is understood', (attempt, expected) => {
    expect(verdictOf(attempt, 0)).toMatchObject(expected);
  });

  test('that redirects says what to do', () => {
    expect(verdictOf(answered(308), 0).error).toMatch(/redirect \(308\).*name the address/);
  });
});

describe('an event', () => {
  const event: WebhookEvent = {
    id: 'evt_1',
    type: 'job.failed',
    at: new Date('2026-02-01T14:30:00Z'),
    subject: 'a',
    data: { job_id: 'a' },
    callbackUrl: 'https://example.com/',
    traceParent: null,
    queue: 'mail',
    jobType: 'send_email',
  };
  const listener = { id: 'w', events: ['job.failed'], queues: null, types: null };
  const isHeardBy = (wanted: object, told: Partial<WebhookEvent> = {}) =>
    targetsOf({ ...event, callbackUrl: null, ...told }, [{ ...listener, ...wanted }]).length > 0;

  test('goes to the endpoints that want it, and to its callback', () => {
    expect(targetsOf(event, [listener, { ...listener, events: ['job.completed'] }])).toEqual([
      { webhookId: 'w', callbackUrl: null },
      { webhookId: null, callbackUrl: 'https://example.com/' },
    ]);
  });

  test.each([
    [{ queues: ['mail'] }, true],
    [{ queues: ['other'] }, false],
    [{ types: ['send_email'], queues: ['mail'] }, true],
    [{ types: ['send_email'], queues: ['other'] }, false],
    [{ types: ['other'] }, false],
  ])('passes the filter %j: %p', (wanted, expected) => {
    expect(isHeardBy(wanted)).toBe(expected);
  });

  test('of something that is no job comes to who asks for it, whatever jobs he hears of', () => {
    const told = { queue: null, jobType: null };
    expect([
      isHeardBy({}, told),
      isHeardBy({ queues: ['mail'] }, told),
      isHeardBy({ types: ['x'] }, told),
      isHeardBy({ events: ['job.completed'] }, told),
    ]).toEqual([true, true, true, false]);
  });

  test('says what happened when', () => {
    expect(bodyOf(event)).toBe(
      '{"type":"job.failed","timestamp":"2026-02-01T14:30:00.000Z","data":{"job_id":"a"}}',
    );
  });
});

describe('the box of secrets', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'roundhouse-secrets-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
  const box = (...keys: string[]) =>
    new SecretBox({ home: join(home, 'new'), secretsKeys: keys } as unknown as Config);

  test('opens what it has sealed, and what an older key has', async () => {
    const sealed = await box(key(1)).seal('whsec_secret', 'owner');
    expect(sealed).not.toContain('secret');
    expect(await box(key(1)).open(sealed, 'owner')).toBe('whsec_secret');
    expect(await box(key(2), key(1)).open(sealed, 'owner')).toBe('whsec_secret');
    expect(await box(key(2), key(1)).seal('x', 'owner')).toMatch(new RegExp(`^(?!${sealed.split('.')[0]})`));
  });

  test('refuses without the key, for another owner, and when it was changed', async () => {
    const sealed = await box(key(1)).seal('whsec_secret', 'owner');
    await expect(box(key(2)).open(sealed, 'owner')).rejects.toThrow(/key [0-9a-f]{8}.*same SECRETS_KEY/);
    await expect(box(key(1)).open(sealed, 'another')).rejects.toThrow();
    await expect(box(key(1)).open(`${sealed.slice(0, -4)}AAA=`, 'owner')).rejects.toThrow();
    await expect(box(key(1)).open('nonsense', 'owner')).rejects.toThrow();
  });

  test('makes one key of its own, for its owner alone, however many ask at once', async () => {
    const sealed = await Promise.all(
      Array.from({ length: 20 }, (_, n) => box().seal(`secret ${n}`, 'owner')),
    );
    expect(await readdir(join(home, 'new'))).toEqual(['secrets.key']);
    expect((await stat(join(home, 'new', 'secrets.key'))).mode & 0o777).toBe(0o600);
    expect(await box().open(sealed[7]!, 'owner')).toBe('secret 7');
    // Also once SECRETS_KEY is set.
    expect(await box(key(1)).open(sealed[7]!, 'owner')).toBe('secret 7');
    expect(await readFile(join(home, 'new', 'secrets.key'), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  });

  test('says what to do when no key can be made', async () => {
    const nowhere = new SecretBox({ home: '/dev/null/x', secretsKeys: [] } as unknown as Config);
    await expect(nowhere.seal('x', 'owner')).rejects.toThrow('set SECRETS_KEY');
  });
});

describe('the settings of webhooks', () => {
  test.each([
    ['WEBHOOK_SIGNING_SECRET', 'whsec_c2hvcnQ=', 'whsec_ and base64'],
    ['WEBHOOK_SIGNING_SECRET', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ', 'whsec_ and base64'],
    ['SECRETS_KEY', 'c2hvcnQ=', 'base64 of 32 bytes'],
    ['WEBHOOK_RETRY_DELAYS', '5,x', '1 to 50 numbers'],
    ['WEBHOOK_RETRY_DELAYS', ',', '1 to 50 numbers'],
  ])('refuse %s=%s', (name, value, expected) => {
    expect(() => resolveConfig({ [name]: value })).toThrow(expected);
    if (name !== 'WEBHOOK_RETRY_DELAYS') expect(() => resolveConfig({ [name]: value })).not.toThrow(value);
  });

  test('allow no callbacks when nothing could sign them, and none of deliveries', () => {
    const rules = (environment: object) => new CallbackRules(resolveConfig({ ...environment }));
    const job = { callback_url: 'https://hooks.example/', type: 'echo', at: '/jobs/7' } as ResolvedJob;
    const signing = { WEBHOOK_SIGNING_SECRET: newSecret() };
    expect(() => rules({}).check([job])).toThrow('set WEBHOOK_SIGNING_SECRET');
    expect(() => rules(signing).check([{ ...job, type: 'deliver_webhook' }])).toThrow(
      'leave callback_url out',
    );
    expect(() => rules(signing).check([job, { ...job, callback_url: null }])).not.toThrow();
  });

  test('name themselves when a URL is refused', () => {
    const rules = webhookRules(resolveConfig({}));
    expect(rules.faultOf('http://example.com/')).toContain('WEBHOOK_ALLOW_HTTP');
    expect(rules.faultOf('https://127.0.0.1/')).toContain('WEBHOOK_ALLOW_PRIVATE');
    expect(rules.faultOf('http://127.0.0.1:3999/')).toBe(
      'must begin with https:// unless WEBHOOK_ALLOW_HTTP is true, and leads to a loopback address, where no request may go unless WEBHOOK_ALLOW_PRIVATE is true',
    );
    expect(rules.faultOf('https://example.com:9000/')).toBe(
      'must use one of the ports 443, 80, 8443, not 9000, unless WEBHOOK_ALLOW_PRIVATE is true',
    );
    expect(rules.faultOf('https://u:p@example.com/')).toBe(
      'must hold no user name and no password: the signature tells the receiver who sends',
    );
    expect(rules.faultOf('https://example.com/')).toBeUndefined();
  });
});
