import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { type MailServer, certificateFor, startMailServer } from '../support/mail-server.js';
import { FIXTURE_APP } from '../support/product.js';
import { type App, startApp } from '../support/start-app.js';

const PASSWORD = 'hunter2%2F';

describe('send_email', () => {
  let folder: string;
  let server: MailServer;
  let app: App;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roundhouse-send-email-'));
    const certificate = await certificateFor('localhost');
    await writeFile(join(folder, 'ca.pem'), certificate.cert);
    const login = { user: 'jobs@example.org', password: decodeURIComponent(PASSWORD) };
    server = await startMailServer({ certificate, login });
    app = await startApp('send_email', {
      program: FIXTURE_APP,
      environment: {
        SMTP_URL: `smtp://jobs%40example.org:${PASSWORD}@localhost:${server.port}?requireTLS=true`,
        MAIL_FROM: 'Jobs of Example <jobs@example.org>',
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
        DATA_DIR: join(folder, 'data'),
        RETRY_JITTER: '0',
      },
    });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const submit = async (payload: object, more: object = {}): Promise<string> => {
    const mail = { subject: 'Hello', text: 'Hello.', ...payload };
    const { status, body } = await app.client.post('/jobs', { type: 'send_email', payload: mail, ...more });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body.job_id;
  };
  const messagesOf = async (jobId: string): Promise<string[]> => {
    const { body } = await app.client.get(`/jobs/${jobId}/logs`);
    return body.logs.map(({ level, message }: Record<string, string>) => `${level} ${message}`);
  };

  test('sends text and HTML to all recipients, over TLS, after a login', async () => {
    const jobId = await submit({
      to: ['Jürgen Groß <juergen@example.org>', '"Lovelace, Ada" <ada@example.org>'],
      cc: ['carol@bücher.example'],
      bcc: ['Secret <bcc@example.org>'],
      reply_to: 'Support <support@example.org>',
      subject:
        'Grüße aus Köln 👋 – ein Betreff, der viel länger ist als eine einzige Zeile eines Kopfes sein darf',
      text: 'Schöne Grüße!\n.\nEnde',
      html: '<p>Schöne <b>Grüße</b>!</p>',
      headers: { 'X-Campaign': 'frühling' },
    });
    const job = await app.jobWith('COMPLETED', jobId);
    const recipients = (domain: string) => [
      'juergen@example.org',
      'ada@example.org',
      `carol@${domain}`,
      'bcc@example.org',
    ];
    const messageId = `<${jobId}@example.org>`;
    expect(job.result).toEqual({
      message_id: messageId,
      accepted: recipients('xn--bcher-kva.example'),
      rejected: [],
    });

    const mail = server.mailFor('juergen@example.org')!;
    expect(mail).toMatchObject({
      from: 'jobs@example.org',
      to: recipients('bücher.example'),
      isSecure: true,
      user: 'jobs@example.org',
    });
    const { parsed } = mail;
    expect(parsed).toMatchObject({
      messageId,
      subject:
        'Grüße aus Köln 👋 – ein Betreff, der viel länger ist als eine einzige Zeile eines Kopfes sein darf',
      from: { value: [{ name: 'Jobs of Example', address: 'jobs@example.org' }] },
      to: {
        value: [
          { name: 'Jürgen Groß', address: 'juergen@example.org' },
          { name: 'Lovelace, Ada', address: 'ada@example.org' },
        ],
      },
      replyTo: { value: [{ name: 'Support', address: 'support@example.org' }] },
      html: '<p>Schöne <b>Grüße</b>!</p>',
    });
    expect(parsed.text?.trimEnd()).toBe('Schöne Grüße!\n.\nEnde');
    // An encoded word: headers are ASCII.
    expect(parsed.headers.get('x-campaign')).toBe('=?UTF-8?Q?fr=C3=BChling?=');
    expect(Math.abs(parsed.date!.getTime() - Date.parse(job.started_at))).toBeLessThan(5_000);
    expect(parsed.headers.has('bcc')).toBe(false);
    expect(mail.raw.toString()).not.toContain('bcc@example.org');
    expect(
      mail.raw
        .toString()
        .split('\r\n')
        .every((line) => line.length <= 998),
    ).toBe(true);
  });

  test('attaches the artifacts of jobs and small files, byte for byte', async () => {
    const bytes = randomBytes(300_000);
    const { body: producer } = await app.client.post('/jobs', {
      type: 'files',
      payload: {
        files: [{ name: 'figures.bin', type: 'application/x-figures', base64: bytes.toString('base64') }],
      },
    });
    const jobId = await submit(
      {
        to: ['attached@example.org'],
        from: 'Reports <reports@sub.example.org>',
        attachments: [
          { job_id: producer.job_id, artifact: 'figures.bin' },
          { job_id: producer.job_id, artifact: 'figures.bin', filename: 'Größen März.bin' },
          { filename: 'note.txt', content: 'Zeile 1\nZeile ü\n' },
          { filename: 'a.csv', content: 'YSxi', encoding: 'base64', content_type: 'text/csv' },
        ],
      },
      { depends_on: [producer.job_id] },
    );
    const { result } = await app.jobWith('COMPLETED', jobId);
    expect(result.message_id).toBe(`<${jobId}@sub.example.org>`);
    const { parsed } = server.mailFor('attached@example.org')!;
    expect(parsed.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['figures.bin', 'application/x-figures'],
      ['Größen März.bin', 'application/x-figures'],
      ['note.txt', 'text/plain'],
      ['a.csv', 'text/csv'],
    ]);
    const contents = parsed.attachments.map(({ content }) => content);
    expect(contents[0]!.equals(bytes)).toBe(true);
    expect(contents[1]!.equals(bytes)).toBe(true);
    expect(contents.slice(2).map(String)).toEqual(['Zeile 1\nZeile ü\n', 'a,b']);
  });

  test('fails for good when an attachment does not exist, before any mail is begun', async () => {
    const before = server.connections().total;
    const attachments = [{ job_id: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55', artifact: 'none.pdf' }];
    const job = await app.jobWith('FAILED', await submit({ to: ['a@example.org'], attachments }));
    expect(job).toMatchObject({
      attempts: 1,
      error_message: expect.stringContaining('has no artifact "none.pdf"'),
    });
    expect(server.connections().total).toBe(before);
  });

  test('is tried again after a refusal for now, with the same Message-ID', async () => {
    const jobId = await submit({ to: ['once-450@example.org'] });
    const job = await app.jobWith('COMPLETED', jobId);
    expect(job).toMatchObject({ attempts: 2, result: { accepted: ['once-450@example.org'] } });
    expect(server.mailFor('once-450@example.org')!.parsed.messageId).toBe(`<${jobId}@example.org>`);
    const { body } = await app.client.get(`/jobs/${jobId}/attempts`);
    expect(body.attempts[0]).toMatchObject({ outcome: 'failed', error: { name: 'MailServerError' } });
    expect(body.attempts[0].error.message).toMatch(/for now \(450 .*: it is tried again$/);
  });

  test('fails for good when all recipients are refused', async () => {
    const job = await app.jobWith('FAILED', await submit({ to: ['reply-550@example.org'] }));
    expect(job.attempts).toBe(1);
    expect(job.error_message).toBe(
      'The mail server refuses all recipients (550 reply-550@example.org is refused): mend what it says and submit the mail again',
    );
  });

  test('completes when some are refused, and says which in its result and its log', async () => {
    const jobId = await submit({ to: ['reply-550@example.org', 'partly@example.org'] });
    const { result } = await app.jobWith('COMPLETED', jobId);
    expect(result).toMatchObject({
      accepted: ['partly@example.org'],
      rejected: [{ address: 'reply-550@example.org', reply: '550 reply-550@example.org is refused' }],
    });
    expect(await messagesOf(jobId)).toEqual([
      'warn The mail server refuses the recipient reply-550@example.org: 550 reply-550@example.org is refused',
    ]);
  });

  test('leaves the mail server when the job is cancelled, within two seconds, and no mail arrives', async () => {
    const before = server.begun();
    const jobId = await submit({ to: ['hang@example.org'] });
    await eventually(() => server.begun() > before);
    const start = performance.now();
    expect((await app.client.post(`/jobs/${jobId}/cancel`)).status).toBe(202);
    await app.jobWith('CANCELLED', jobId);
    await eventually(() => server.connections().open === 0);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(server.mailFor('hang@example.org')).toBeUndefined();
  });

  test('is documented as it is validated, with an example that works', async () => {
    const { body } = await app.client.get('/job-types');
    const type = body.job_types.find(({ type: name }: { type: string }) => name === 'send_email');
    expect(type.payload_schema.properties.attachments.items.properties).toHaveProperty('artifact');
    const { status, body: queued } = await app.client.post('/tasks/send_email', type.example);
    expect(status).toBe(201);
    await app.jobWith('COMPLETED', queued.job_id);
    const refused = await app.client.post('/tasks/send_email', {
      ...type.example,
      subject: 'x\r\nBcc: eve@b.org',
    });
    expect(refused.body).toMatchObject({ status: 422, errors: [{ pointer: '/subject' }] });
  });

  test('waits, with all its attempts, while the mail server keeps breaking off', async () => {
    const circuit = async () => {
      const { body } = await app.client.get('/job-types');
      return body.job_types.find(({ type }: { type: string }) => type === 'send_email').circuit;
    };
    const once = { max_attempts: 1 };
    const refused = Array.from({ length: 6 }, () => submit({ to: ['reply-450@example.org'] }, once));
    for (const jobId of await Promise.all(refused)) await app.jobWith('FAILED', jobId);
    expect(await circuit()).toMatchObject({ state: 'closed', failures_in_a_row: 0 });

    const broken = Array.from({ length: 5 }, () => submit({ to: ['cut@example.org'] }, once));
    for (const jobId of await Promise.all(broken)) await app.jobWith('FAILED', jobId);
    expect(await circuit()).toMatchObject({ state: 'open', failures_in_a_row: 5, cool_down: 30 });
    const waiting = await submit({ to: ['patient@example.org'] });
    const { body } = await app.client.get(`/jobs/${waiting}/explain`);
    expect(body.reasons.map(({ code }: { code: string }) => code)).toContain('circuit_open');

    await app.database.pool.query(`UPDATE circuits SET until = clock_timestamp() WHERE type = 'send_email'`);
    const next = await submit({ to: ['next@example.org'] });
    expect(await app.jobWith('COMPLETED', waiting)).toMatchObject({ attempts: 1 });
    await app.jobWith('COMPLETED', next);
    expect(await circuit()).toMatchObject({ state: 'closed' });
  });

  test('never shows the password', async () => {
    const dump = await app.database.pool.query(
      'SELECT jobs::text FROM jobs UNION ALL SELECT job_events::text FROM job_events',
    );
    const written = [
      app.api.output(),
      ...app.workers.map((worker) => worker.output()),
      JSON.stringify(dump.rows),
    ];
    expect(written.join('\n')).not.toContain('hunter2');
  });
});
