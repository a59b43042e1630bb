import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import type { LogAnswer } from '../../service/answers.js';
import { logLine } from '../../service/job-reporter.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { watchJob } from '../../service/watch-job.js';

export const logs: Command = {
  operands: ['ID'],
  extras: {
    follow: {
      says: 'Go on until the job has ended; the exit code tells how, and with --json each line is JSON.',
    },
    after: { value: 'LINE', says: 'Only lines after the one with this id.' },
    ...serviceOptions,
  },
  examples: [
    { line: 'roundhouse jobs logs $JOB', says: 'What its handler has logged.' },
    { line: 'roundhouse jobs logs $JOB --follow', says: 'And what it logs from now on.' },
  ],
  async run(_settings, extras, [id = '']) {
    const service = serviceFor(extras);
    const asJson = extras.json !== undefined;
    if (extras.follow !== undefined) return watchJob(service, id, { asJson, logsOnly: true });
    const query = { after: extras.after };
    const page = await service.get<{ logs: LogAnswer[]; next_after: number | null }>(
      pathOf`/jobs/${id}/logs`,
      {
        query,
      },
    );
    if (asJson) terminal.printJson(page);
    else for (const line of page.logs) process.stdout.write(`${logLine(line)}\n`);
    if (!asJson && page.next_after !== null) terminal.note(`More: --after ${page.next_after}`);
    return 0;
  },
};
