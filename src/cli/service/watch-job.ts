import { CliError } from '../cli.error.js';
import { EXIT_CODES } from '../exit-codes.js';
import { terminal } from '../output/terminal.js';
import { followJob } from './follow-job.js';
import { interruptible } from './interruption.js';
import { JobReporter } from './job-reporter.js';
import { exitCodeOf } from './outcome.js';
import type { Service } from './service.js';

interface Wanted {
  readonly asJson: boolean;
  readonly logsOnly?: boolean;
  /** Undefined = as long as it takes. */
  readonly timeoutSeconds?: number | undefined;
}

/** Shows what happens to a job until it has ended. @returns the exit code that tells how */
export async function watchJob(service: Service, jobId: string, wanted: Wanted): Promise<number> {
  const reporter = new JobReporter(wanted);
  const { timeoutSeconds } = wanted;
  const leave = () => {
    reporter.end();
    terminal.note(`After ${timeoutSeconds} s the job has not ended; it goes on.`);
    process.exit(EXIT_CODES.late);
  };
  const timer = timeoutSeconds === undefined ? undefined : setTimeout(leave, timeoutSeconds * 1000);
  const onCut = () => reporter.note('The connection is lost. Trying to come back …');
  const follow = async () => {
    for await (const news of followJob(service, jobId, { onCut })) {
      reporter.tell(news);
      if (news.event === 'end') return exitCodeOf(news.data.status as string | null);
    }
    throw new CliError(EXIT_CODES.unavailable, 'The news of the job broke off.');
  };
  try {
    return await interruptible(() => reporter.end(), follow);
  } finally {
    clearTimeout(timer);
    reporter.end();
  }
}
