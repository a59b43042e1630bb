import { jest } from '@jest/globals';
import { type Server, type Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { SendMailOptions } from 'nodemailer';
import { resolveConfig } from '../../src/config/index.js';
import { MailServerError, MailServerUnreachableError } from '../../src/tasks/send-email/mail.errors.js';
import { Mailer } from '../../src/tasks/send-email/mailer.js';
import { SendEmailHandler } from '../../src/tasks/send-email/send-email.handler.js';
import type { SendEmailPayload } from '../../src/tasks/send-email/send-email.payload.js';
import { type JobContext, PermanentFailure } from '../../src/worker/index.js';
import { eventually } from '../support/eventually.js';
import {
  type Certificate,
  type MailServer,
  certificateFor,
  startMailServer,
} from '../support/mail-server.js';

const never = new AbortController().signal;
const FROM = 'jobs@example.org';

const mailerAt = (url?: string) => new Mailer(resolveConfig(url === undefined ? {} : { SMTP_URL: url }));

const mailTo = (...to: string[]): SendMailOptions => ({ from: FROM, to, subject: 'Hello', text: 'Hello.' });

async function failureOf(sending: Promise<unknown>): Promise<Error> {
  return sending.then(
    () => {
      throw new Error('It was sent');
    },
    (error: unknown) => error as Error,
  );
}

describe('a mail server that answers', () => {
  let server: MailServer;
  let mailer: Mailer;
  beforeAll(async () => {
    server = await startMailServer();
    mailer = mailerAt(`smtp://127.0.0.1:${server.port}`);
  });
  afterAll(() => server.stop());

  test('takes a mail, one connection each, and the connection is closed', async () => {
    const before = server.connections().total;
    expect(await mailer.send(mailTo('ada@example.org'), never)).toEqual({
      accepted: ['ada@example.org'],
      rejected: [],
    });
    expect(server.mailFor('ada@example.org')).toMatchObject({ from: FROM, parsed: { subject: 'Hello' } });
    expect(server.connections().total).toBe(before + 1);
    await eventually(() => server.connections().open === 0);
  });

  test('says which recipients it refuses while it takes others', async () => {
    const mail = mailTo('reply-550@example.org', 'bob@example.org', 'reply-450@example.org');
    expect(await mailer.send(mail, never)).toEqual({
      accepted: ['bob@example.org'],
      rejected: [
        { address: 'reply-550@example.org', reply: '550 reply-550@example.org is refused' },
        { address: 'reply-450@example.org', reply: '450 reply-450@example.org is refused' },
      ],
    });
  });

  test.each([
    [
      '550 to its recipient',
      { to: 'reply-550@example.org' },
      /^The mail server refuses all recipients \(550 /,
    ],
    ['550 to its sender', { from: 'reply-550@example.org' }, /^The mail server refuses the sender \(550 /],
    ['552 to the mail', { to: 'data-552@example.org' }, /^The mail server refuses the mail \(552 /],
    ['554 to the mail', { to: 'data-554@example.org' }, /^The mail server refuses the mail \(554 /],
  ])('fails a mail for good that gets %s', async (_, change, message) => {
    const failure = await failureOf(mailer.send({ ...mailTo('ada@example.org'), ...change }, never));
    expect(failure).toBeInstanceOf(PermanentFailure);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain('\n');
  });

  test.each([
    ['450 to its recipient', { to: 'reply-450@example.org' }, /does not take all recipients for now \(450 /],
    ['450 and 550', { to: ['reply-550@a.org', 'reply-450@a.org'] }, /for now \(450 /],
    ['451 to its sender', { from: 'reply-451@example.org' }, /does not take the sender for now \(451 /],
    ['452 to the mail', { to: 'data-452@example.org' }, /does not take the mail for now \(452 /],
    ['503, a mix-up of commands', { to: 'reply-503@example.org' }, /for now \(503 /],
    ['530, a login missing', { from: 'reply-530@example.org' }, /check user and password in SMTP_URL/],
  ])('lets a mail be tried again that gets %s', async (_, change, message) => {
    const failure = await failureOf(mailer.send({ ...mailTo('ada@example.org'), ...change }, never));
    expect(failure).toBeInstanceOf(MailServerError);
    expect(failure).not.toBeInstanceOf(MailServerUnreachableError);
    expect(failure.message).toMatch(message);
  });

  test.each([
    ['says 421', 'reply-421@example.org', /^The mail server is closing its connections \(421 /],
    ['says 421 to the mail', 'data-421@example.org', /^The mail server is closing its connections \(421 /],
    ['breaks off in the mail', 'cut@example.org', /^The mail server cannot be reached, or broke off \(/],
  ])('counts as unreachable when it %s', async (_, to, message) => {
    const failure = await failureOf(mailer.send(mailTo(to), never));
    expect(failure).toBeInstanceOf(MailServerUnreachableError);
    expect(failure.message).toMatch(message);
  });

  test('is left within a second when the attempt must end, and keeps nothing of the mail', async () => {
    const attempt = new AbortController();
    const before = server.begun();
    const sending = failureOf(mailer.send(mailTo('hang@example.org'), attempt.signal));
    await eventually(() => server.begun() === before + 1);
    const reason = new Error('The job was cancelled');
    const start = performance.now();
    attempt.abort(reason);
    expect(await sending).toBe(reason);
    await eventually(() => server.connections().open === 0);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(server.mailFor('hang@example.org')).toBeUndefined();
    expect(await failureOf(mailer.send(mailTo('late@example.org'), attempt.signal))).toBe(reason);
    expect(server.mailFor('late@example.org')).toBeUndefined();
  });

  test('gets no mail whose attachment breaks off', async () => {
    const content = Readable.from(
      (async function* () {
        yield Buffer.alloc(100_000, 'x');
        throw new Error('The disk is gone');
      })(),
    );
    const mail = { ...mailTo('broken@example.org'), attachments: [{ filename: 'x.txt', content }] };
    expect((await failureOf(mailer.send(mail, never))).message).toContain('The disk is gone');
    await eventually(() => server.connections().open === 0);
    expect(server.mailFor('broken@example.org')).toBeUndefined();
  });
});

describe('a mail server that wants a login and has a certificate', () => {
  const login = { user: 'jobs@example.org', password: 'hunter2' };
  const authorities = getCACertificates('default');
  let certificate: Certificate;
  let servers: { starttls: MailServer; implicit: MailServer; plain: MailServer };
  beforeAll(async () => {
    certificate = await certificateFor('localhost');
    const [starttls, implicit, plain] = await Promise.all([
      startMailServer({ certificate, login }),
      startMailServer({ certificate, login, secure: true }),
      startMailServer({ login }),
    ]);
    servers = { starttls, implicit, plain };
  });
  afterEach(() => setDefaultCACertificates(authorities));
  afterAll(() => Promise.all(Object.values(servers).map((server) => server.stop())));

  const trust = () => setDefaultCACertificates([...authorities, certificate.cert]);
  const urlOf = (kind: 'starttls' | 'implicit' | 'plain', host = 'localhost', password = login.password) =>
    `${kind === 'implicit' ? 'smtps' : 'smtp'}://jobs%40example.org:${password}@${host}:${servers[kind].port}`;

  test.each(['starttls', 'implicit'] as const)('is spoken to securely (%s)', async (kind) => {
    trust();
    await mailerAt(`${urlOf(kind)}?requireTLS=true`).send(mailTo('ada@example.org'), never);
    expect(servers[kind].mailFor('ada@example.org')).toMatchObject({ isSecure: true, user: login.user });
  });

  test.each(['starttls', 'implicit'] as const)('is tried again after a wrong password (%s)', async (kind) => {
    trust();
    const failure = await failureOf(
      mailerAt(urlOf(kind, 'localhost', 'hunter3')).send(mailTo('a@b.org'), never),
    );
    expect(failure).toBeInstanceOf(MailServerError);
    expect(failure.message).toMatch(
      /^The mail server refuses the login \(535 .*check user and password in SMTP_URL$/,
    );
    expect(JSON.stringify([failure.message, (failure.cause as Error).message])).not.toContain('hunter3');
  });

  test.each([
    ['nobody knows its authority (starttls)', 'starttls', 'localhost', false],
    ['nobody knows its authority (implicit)', 'implicit', 'localhost', false],
    ['its certificate is for another host (starttls)', 'starttls', '127.0.0.1', true],
    ['its certificate is for another host (implicit)', 'implicit', '127.0.0.1', true],
  ] as const)('gets neither mail nor password when %s', async (_, kind, host, trusted) => {
    if (trusted) trust();
    const { mails, passwords } = servers[kind];
    const before = [mails.length, passwords.length];
    const failure = await failureOf(mailerAt(urlOf(kind, host)).send(mailTo('a@b.org'), never));
    expect(failure).toBeInstanceOf(MailServerError);
    expect(failure.message).toMatch(/^No secure connection to the mail server .*NODE_EXTRA_CA_CERTS/);
    expect([mails.length, passwords.length]).toEqual(before);
  });

  test('gets no password without TLS when that is required', async () => {
    const failure = await failureOf(
      mailerAt(`${urlOf('plain')}?requireTLS=true`).send(mailTo('a@b.org'), never),
    );
    expect(failure.message).toMatch(/^No secure connection to the mail server/);
    expect(servers.plain.passwords).toEqual([]);
  });
});

describe('a mail server that is not there', () => {
  const sockets = new Set<Socket>();
  let silent: Server;
  let closedPort: number;
  beforeAll(async () => {
    silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const closed = await startMailServer();
    closedPort = closed.port;
    await closed.stop();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => silent.close(closed));
  });

  test('has no sender to send for: the job fails and says what to set', async () => {
    const payload = { to: ['ada@example.org'], subject: 'Hello', text: 'Hello.' };
    const failureWith = (settings: Record<string, string>) => {
      const handler = new SendEmailHandler(resolveConfig(settings), mailerAt());
      return failureOf(handler.run({ payload } as JobContext<SendEmailPayload>));
    };
    const failure = await failureWith({});
    expect(failure).toBeInstanceOf(PermanentFailure);
    expect(failure.message).toMatch(/give it a "from", or set MAIL_FROM .* and retry this job$/);
    expect(failure.message).toContain('SMTP_URL');
    expect((await failureWith({ SMTP_URL: 'smtp://localhost' })).message).not.toContain('SMTP_URL');
  });

  test('is not configured: the job fails and says what to set', async () => {
    const failure = await failureOf(mailerAt().send(mailTo('a@b.org'), never));
    expect(failure).toBeInstanceOf(PermanentFailure);
    expect(failure.message).toMatch(/set SMTP_URL .* and retry this job$/);
  });

  test.each([
    ['takes no connection', () => `127.0.0.1:${closedPort}`, 'ECONNREFUSED'],
    ['has no address', () => 'mail.invalid', 'E[A-Z_]+'],
  ])('%s: the mail is tried again, and no host is named', async (_, host, reason) => {
    const failure = await failureOf(mailerAt(`smtp://${host()}`).send(mailTo('a@b.org'), never));
    expect(failure).toBeInstanceOf(MailServerUnreachableError);
    expect(failure.message).toMatch(
      new RegExp(`^The mail server cannot be reached, or broke off \\(${reason}\\)`),
    );
    expect(failure.message).not.toMatch(/127\.0\.0\.1|mail\.invalid/);
  });

  test('says nothing: the mail is given up after 10 s', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    try {
      const { port } = silent.address() as AddressInfo;
      const before = sockets.size;
      const sending = failureOf(mailerAt(`smtp://127.0.0.1:${port}`).send(mailTo('a@b.org'), never));
      while (sockets.size === before) await new Promise(setImmediate);
      await jest.advanceTimersByTimeAsync(9_000);
      let ended = false;
      void sending.then(() => (ended = true));
      await new Promise(setImmediate);
      expect(ended).toBe(false);
      await jest.advanceTimersByTimeAsync(1_500);
      expect(await sending).toBeInstanceOf(MailServerUnreachableError);
    } finally {
      jest.useRealTimers();
    }
  });
});
