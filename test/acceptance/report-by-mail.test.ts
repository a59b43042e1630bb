import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type MailServer, startMailServer } from '../support/mail-server.js';
import { pdfPages } from '../support/reports.js';
import { type App, startApp } from '../support/start-app.js';

/** The commands that the README shows under a heading, block by block. */
async function commandsOfReadme(heading: string): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8');
  const section = readme.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return [...section.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);
}

/** Why the README's commands cannot be run here; undefined when they can. */
function whyNoShell(): string | undefined {
  return ['bash', 'curl'].find((program) => spawnSync(program, ['--version']).status !== 0);
}

const missing = whyNoShell();
if (missing) process.stderr.write(`Skipped: a table, a PDF of it and a mail (there is no ${missing})\n`);

(missing ? describe.skip : describe)('a table, a PDF of it and a mail with the PDF', () => {
  let folder: string;
  let mails: MailServer;
  let app: App;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roundhouse-report-by-mail-'));
    await mkdir(join(folder, '.roundhouse', 'data'), { recursive: true });
    mails = await startMailServer();
    app = await startApp('report by mail', {
      environment: {
        DATA_DIR: join(folder, '.roundhouse', 'data'),
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

  const shell = async (commands: string): Promise<string> => {
    const script = `set -eu\n${commands.replaceAll('http://127.0.0.1:8000', app.api.ready)}`;
    const env = { ...process.env, NO_PROXY: '*' };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env });
    return stdout;
  };

  test('come of the commands in the README', async () => {
    const [submit = '', download = ''] = await commandsOfReadme('What jobs can do');
    const { jobs } = JSON.parse(await shell(submit)) as { jobs: { ref: string; job_id: string }[] };
    expect(jobs.map(({ ref }) => ref)).toEqual(['rows', 'report', 'mail']);
    const [rowsId = '', , mailId = ''] = jobs.map((job) => job.job_id);
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

    await shell(download);
    expect(await readFile(join(folder, 'sales.pdf'))).toEqual(attached!.content);
  });
});
