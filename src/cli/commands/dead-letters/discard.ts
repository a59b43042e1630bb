import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { bulkOptions, changeMany } from '../../service/bulk.js';
import { each } from '../../service/each.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { UsageError } from '../../usage.error.js';
import { failureOptions, failuresFrom } from './filter.js';

export const discard: Command = {
  operands: ['[ID...]'],
  extras: { ...failureOptions, ...bulkOptions, ...serviceOptions },
  details: 'Deletes failed jobs with their history, for good.',
  examples: [
    { line: 'roundhouse dead-letters discard $FAILED_JOB', says: 'One.' },
    {
      line: 'roundhouse dead-letters discard --failed-before 2026-01-01T00:00:00Z --yes',
      says: 'All old ones.',
    },
  ],
  async run(_settings, extras, ids) {
    const service = serviceFor(extras);
    const given = failuresFrom(extras);
    if (ids.length > 0 === (given !== undefined))
      throw new UsageError('Say which: IDs, or options such as --queue and --failed-before, and not both.');
    if (given) {
      const body = { action: 'discard', filter: { ...given, status: 'FAILED' } };
      return changeMany(service, { path: '/bulk-operations', body, verb: 'delete' }, extras);
    }
    return each(ids, async (id) => {
      await service.delete(pathOf`/dead-letters/${id}`);
      if (extras.json === undefined) terminal.print(`${id}  is deleted.`);
      else terminal.printJsonLine({ job_id: id });
    });
  },
};
