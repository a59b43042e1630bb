import { toValid } from '../../src/common/http/index.js';
import { DomainError } from '../../src/common/index.js';
import { SendEmailPayload } from '../../src/tasks/send-email/send-email.payload.js';

const MAIL = { to: ['ada@example.org'], subject: 'Hello', text: 'Hello.' };
const JOB = '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55';

async function faultsOf(payload: object): Promise<string[]> {
  try {
    await toValid(SendEmailPayload, payload);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return (error as DomainError).options.faults!.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
  return [];
}

const faultsWith = (change: object) => faultsOf({ ...MAIL, ...change });
const attached = (attachment: object) => faultsWith({ attachments: [attachment] });
const addresses = (count: number) => Array.from({ length: count }, (_, n) => `a${n}@example.org`);

describe('the payload of a mail', () => {
  test.each([
    [{}],
    [{ text: undefined, html: '<p>Hello</p>' }],
    [{ html: '<p>Hello</p>' }],
    [{ to: ['Jürgen Groß <jürgen@bücher.example>'], cc: [], bcc: ['b@example.org'], from: 'A <a@b.org>' }],
    [{ to: addresses(50), cc: addresses(50) }],
    [{ subject: 'Grüße 👋', reply_to: 'Support <support@example.org>' }],
    [{ headers: { 'X-Campaign': 'spring', 'x-tenant-7': 'Größe' } }],
    [{ attachments: [{ job_id: JOB, artifact: 'report.pdf' }] }],
    [
      {
        attachments: [
          { job_id: JOB, artifact: 'r.pdf', filename: 'März.pdf', content_type: 'application/pdf' },
        ],
      },
    ],
    [{ attachments: [{ filename: 'a.csv', content: '', content_type: 'text/csv; charset=utf-8' }] }],
    [{ attachments: [{ filename: 'a.bin', content: 'AAECAw==\n', encoding: 'base64' }] }],
  ])('may be changed by %j', async (change) => {
    expect(await faultsWith(change)).toEqual([]);
  });

  test('needs a recipient, a subject and something to say, and says so in one sentence each', async () => {
    expect((await faultsOf({})).sort()).toEqual([
      '/subject: subject must be text of 1 to 998 characters',
      '/text: A mail needs text, html or both',
      '/to: to must be a list of 1 to 50 addresses, such as ["ada@example.org"]',
    ]);
  });

  test.each([
    ['to', 'ada@example.org', '/to: to must be a list of 1 to 50 addresses, such as ["ada@example.org"]'],
    ['to', addresses(51), '/to: to must be a list of 1 to 50 addresses'],
    ['to', ['ada@example.org', 'bob'], '/to: to[1] must be an address such as'],
    ['cc', ['ada@example.org, bob@example.org'], '/cc: cc[0] must be an address'],
    ['bcc', [5], '/bcc: bcc[0] must be an address'],
    ['from', 'nobody', '/from: from must be an address'],
    ['reply_to', '', '/reply_to: reply_to must be an address'],
    ['subject', '', '/subject: subject must be text of 1 to 998 characters'],
    ['text', '', '/text: text must be text of 1 to 10000000 characters'],
    ['html', 5, '/html: html must be text'],
    ['text', 'a\0', '/text: text must not hold a NUL character'],
    ['headers', { Subject: 'x' }, '/headers: headers may hold headers that begin with X-'],
    ['headers', { 'X-Å': 'x' }, '/headers: headers may hold headers that begin with X-'],
    ['headers', ['X-A'], '/headers: headers must be an object'],
    ['headers', { 'X-A': 5 }, '/headers: headers: X-A must be text of 1 to 1000 characters'],
    ['attachments', Array(21).fill({ filename: 'a', content: '' }), '/attachments: '],
    ['atachments', [], '/atachments: There is no field "atachments". Did you mean "attachments"?'],
  ])('refuses %s: %j', async (field, value, fault) => {
    expect(await faultsWith({ [field]: value })).toEqual([expect.stringContaining(fault)]);
  });

  test('has at most 100 recipients in all', async () => {
    expect(await faultsWith({ to: addresses(50), cc: addresses(25), bcc: addresses(26) })).toEqual([
      '/to: to, cc and bcc together may name 100 addresses, not 101: send several mails',
    ]);
  });

  const EVIL = 'x\r\nBcc: eve@example.com';
  test.each([
    ['to', { to: [`${EVIL} <ada@example.org>`] }],
    ['cc', { cc: ['ada@example.org\nBcc: eve@example.com'] }],
    ['bcc', { bcc: ['ada@example.org\r'] }],
    ['from', { from: `${EVIL} <ada@example.org>` }],
    ['reply_to', { reply_to: 'ada@example.org\r\n' }],
    ['subject', { subject: EVIL }],
    ['subject', { subject: 'x\rBcc: eve@example.com' }],
    ['subject', { subject: 'x\u0085y' }],
    ['headers', { headers: { 'X-A': EVIL } }],
    ['headers', { headers: { 'X-A: b\r\nBcc': 'eve@example.com' } }],
    ['attachments/0/filename', { attachments: [{ filename: EVIL, content: '' }] }],
    [
      'attachments/0/content_type',
      { attachments: [{ filename: 'a', content: '', content_type: `text/plain\r\n${EVIL}` }] },
    ],
    ['attachments/0/artifact', { attachments: [{ job_id: JOB, artifact: EVIL }] }],
  ])('lets nobody write headers through %s', async (field, change) => {
    expect(await faultsWith(change)).toEqual([expect.stringMatching(`^/${field}: `)]);
  });

  test.each([
    ['nothing', {}, ['/attachments/0/content', '/attachments/0/filename']],
    ['a job alone', { job_id: JOB }, ['/attachments/0/artifact']],
    ['both', { job_id: JOB, artifact: 'a', filename: 'a', content: 'b' }, ['/attachments/0/content']],
    ['no id', { job_id: '7', artifact: 'a' }, ['/attachments/0/job_id']],
    ['a path', { job_id: JOB, artifact: '../a' }, ['/attachments/0/artifact']],
    ['a path to write to', { filename: '../a', content: '' }, ['/attachments/0/filename']],
    ['bad base64', { filename: 'a', content: 'AAE', encoding: 'base64' }, ['/attachments/0/content']],
    ['another encoding', { filename: 'a', content: 'a', encoding: 'hex' }, ['/attachments/0/encoding']],
    [
      'a type with parts',
      { filename: 'a', content: 'a', content_type: 'multipart/mixed' },
      ['/attachments/0/content_type'],
    ],
    ['a misspelt field', { filename: 'a', content: 'a', file: 'x' }, ['/attachments/0/file']],
  ])('refuses an attachment with %s', async (_, attachment, pointers) => {
    expect((await attached(attachment)).map((fault) => fault.split(':')[0]).sort()).toEqual(pointers);
  });
});
