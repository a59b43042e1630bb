import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MailServer, startMailServer } from '../support/mail-server.js';
import { pdfPages } from '../support/reports.js';
import { type App, startApp } from '../support/start-app.js';

/** The bodies of the README's requests under a heading; `$NAME` in them stands for the id of an earlier job. */
async function requestsOfReadme(heading: string): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8');
  const section = readme.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return [...section.matchAll(/-d '(\{\n[\s\S]*?\}\})'/g)].map(([, body = '']) =>
    body.replaceAll(/'(\$\w+)'/g, '$1'),
  );
}

describe('a table, a PDF of it and a mail with the PDF', () => {
  let folder: string;
  let mails: MailServer;
  let app: App;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roundhouse-report-by-mail-'));
    await mkdir(join(folder, 'data'));
    await writeFile(
      join(folder, 'data', 'sales.csv'),
      'country,product,amount\nDE,Coffee,12.50\nFR,Tea,8\nDE,Tea,3.50\n',
    );
    mails = await startMailServer();
    app = await startApp('report by mail', {
      environment: {
        DATA_DIR: join(folder, 'data'),
        SMTP_URL: `smtp://localhost:${mails.port}`,
        MAIL_FROM: 'Reports <reports@example.org>',
      },
    });
  });
  afterAll(async () => {
    await app?.stop();
    await mails?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('come of the three requests in the README', async () => {
    const [rows = '', report = '', mail = ''] = await requestsOfReadme('What jobs can do');
    const submit = async (body: string): Promise<string> => {
      const answer = await app.client.post('/jobs', JSON.parse(body) as object);
      expect(answer).toMatchObject({ status: 201 });
      return answer.body.job_id;
    };
    const rowsId = await submit(rows);
    const reportId = await submit(report.replaceAll('$ROWS', rowsId));
    const mailId = await submit(mail.replaceAll('$REPORT', reportId));
    await app.jobWith('COMPLETED', mailId);

    const table = await app.jobWith('COMPLETED', rowsId);
    expect(table.result.rows).toEqual([
      { country: 'DE', total: 16, orders: 2 },
      { country: 'FR', total: 8, orders: 1 },
    ]);
    const received = mails.mailFor('ada@example.org')!;
    expect(received.parsed).toMatchObject({
      subject: 'Sales by country',
      messageId: `<${mailId}@example.org>`,
    });
    const [attached] = received.parsed.attachments;
    expect(attached).toMatchObject({ filename: 'sales.pdf', contentType: 'application/pdf' });
    const pages = await pdfPages(attached!.content);
    expect(pages).toHaveLength(1);
    for (const words of ['Sales by country', 'Country', 'Orders', 'DE', '16', 'FR', '24'])
      expect(JSON.stringify(pages)).toContain(words);
  });
});
