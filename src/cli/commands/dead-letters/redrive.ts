import type { Command } from '../../command.js';
import { bulkOptions, changeMany } from '../../service/bulk.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { UsageError } from '../../usage.error.js';
import { failureOptions, failuresFrom } from './filter.js';

export const redrive: Command = {
  operands: ['[ID...]'],
  extras: {
    ...failureOptions,
    all: { says: 'All dead letters there are.' },
    ...bulkOptions,
    ...serviceOptions,
  },
  details:
    'It says how many jobs are meant, asks, and shows how far it is; Ctrl+C leaves it going on in the background.',
  examples: [
    {
      line: 'roundhouse dead-letters redrive --fingerprint 9f86d081884c7d65 --dry-run',
      says: 'How many failed for one cause.',
    },
    {
      line: 'roundhouse dead-letters redrive --queue emails --per-second 50 --yes',
      says: 'Run them again, not all at once.',
    },
  ],
  async run(_settings, extras, ids) {
    const given = failuresFrom(extras);
    const ways = [ids.length > 0, given !== undefined, extras.all !== undefined].filter(Boolean).length;
    if (ways !== 1)
      throw new UsageError(
        'Say which: IDs, options such as --queue and --fingerprint, or --all, and one of them only.',
      );
    const filter = ids.length > 0 ? { job_ids: ids } : given;
    const body = filter ? { filter } : {};
    return changeMany(serviceFor(extras), { path: '/dead-letters/redrive', body, verb: 'run again' }, extras);
  },
};
