import type { Command, Example } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import type { JobAnswer } from '../../service/answers.js';
import { bulkOptions, changeMany } from '../../service/bulk.js';
import { each } from '../../service/each.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { UsageError } from '../../usage.error.js';
import { filterFrom, filterOptions } from './filter.js';

interface Action {
  /** As in the address of the API. */
  readonly path: 'cancel' | 'retry' | 'run-now';
  readonly verb: string;
  /** What is said of a job to which it was done. */
  readonly says: (job: JobAnswer) => string;
  /** What else there is to know. */
  readonly details?: string;
  readonly examples: readonly Example[];
}

/** A command that does something to the jobs that are named, or to all that fit a filter. */
export function jobAction({ path, verb, says, details = '', examples }: Action): Command {
  return {
    operands: ['[ID...]'],
    extras: { ...filterOptions, ...bulkOptions, ...serviceOptions },
    details:
      'Without an ID it means all jobs that fit the options: it says how many, asks, and shows how far it is. With --json, each ID gives one line of JSON.'.concat(
        details,
      ),
    examples,
    async run(_settings, extras, ids) {
      const service = serviceFor(extras);
      const filter = filterFrom(extras);
      if (ids.length > 0 && filter) throw new UsageError('Name jobs by their IDs, or by options, not both.');
      if (filter) {
        const body = { action: path.replace('-', '_'), filter };
        return changeMany(service, { path: '/bulk-operations', body, verb }, extras);
      }
      if (ids.length === 0)
        throw new UsageError(
          `Say which jobs: by their IDs, or by an option such as --queue. roundhouse jobs ${path} --help tells more.`,
        );
      return each(ids, async (id) => {
        const job = await service.post<JobAnswer>(`${pathOf`/jobs/${id}`}/${path}`);
        if (extras.json === undefined) terminal.print(`${job.job_id}  ${says(job)}`);
        else terminal.printJsonLine(job);
      });
    },
  };
}
