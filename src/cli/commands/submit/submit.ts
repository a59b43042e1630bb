import type { Command } from '../../command.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { UsageError } from '../../usage.error.js';
import { jobOptions } from './job-options.js';
import { submitOne } from './submit-one.js';

export const submit: Command = {
  operands: ['[TYPE]', '[PAYLOAD]'],
  source: 'types',
  extras: {
    ...jobOptions,
    watch: { says: 'Show what happens to it until it has ended; the exit code tells how.' },
    wait: {
      value: 'SECONDS',
      says: 'Wait for its end so long, and print its result; the exit code tells how it ended.',
    },
    from: {
      value: 'FILE',
      says: 'Submit many: a file with a job in JSON on each line, as POST /jobs has it; - is standard input.',
    },
    batch: { value: 'N', says: 'With --from: how many at a time; 500 otherwise.' },
    key: {
      value: 'KEY',
      says: 'With --from: another name for this submission; the same file under the same name is submitted once.',
    },
    ...serviceOptions,
  },
  details:
    'It prints the id of the job. PAYLOAD is JSON, {} otherwise; - reads standard input, @FILE a file. With --from, each line gets an idempotency key of the content of the file and the number of the line: a submission that was cut off is taken up by the same command, and no job is there twice. A file of the same content is another submission with another --key.',
  examples: [
    { line: `roundhouse submit echo '{"hello": "world"}'`, says: 'A job, and its id.' },
    {
      line: `echo '{"hello": "world"}' | roundhouse submit echo - --queue emails --in 5min --tags welcome`,
      says: 'Later, elsewhere.',
    },
    { line: `roundhouse submit echo '{"n": 1}' --watch`, says: 'And see what becomes of it.' },
    { line: `roundhouse submit echo '{"n": 1}' --wait 30`, says: 'Its result, on standard output.' },
    {
      line: 'roundhouse submit --from jobs.jsonl',
      says: 'A job from each line of a file, with a progress bar.',
    },
  ],
  async run(_settings, extras, [type, payload]) {
    const { from, watch, wait } = extras;
    const service = serviceFor(extras);
    if ((from === undefined) === (type === undefined))
      throw new UsageError('Say the type of the job, or with --from a file of jobs, and not both.');
    if (watch !== undefined && wait !== undefined)
      throw new UsageError('--watch shows what happens, --wait prints the result: choose one.');
    if (from === undefined) return submitOne(service, [type ?? '', payload], extras);
    const other = [...Object.keys(jobOptions), 'watch', 'wait'].find(
      (option) => extras[option] !== undefined,
    );
    if (other !== undefined)
      throw new UsageError(`--${other} is for a single job: each line of ${from} says itself what it is.`);
    const { submitMany } = await import('./submit-many.js');
    return submitMany(service, from, extras);
  },
};
