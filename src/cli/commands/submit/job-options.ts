import type { Extra, Extras } from '../../command.js';
import { countFrom } from '../../service/pages.js';
import { UsageError } from '../../usage.error.js';

/** What can be said of a single job. */
export const jobOptions = {
  queue: { value: 'QUEUE', says: 'The queue it waits in; that of its type otherwise.', source: 'queues' },
  priority: { value: 'N', says: '1 (first) to 10 (last).' },
  tags: { value: 'TAGS', says: 'Words to find it by, separated by commas.' },
  in: { value: 'DURATION', says: 'How long it waits first, such as 90, 90s, 5min, 2h or 1d.' },
  at: { value: 'TIME', says: 'When it starts at the earliest, such as 2030-01-31T15:00:00Z.' },
  'max-attempts': { value: 'N', says: 'How often it is executed at most.' },
  'job-timeout': { value: 'SECONDS', says: 'How long an attempt may take.' },
  lock: { value: 'LOCK', says: 'Jobs of the same lock run one after the other.' },
  'limit-key': { value: 'KEY', says: 'Whose share of the limits of its queue it takes.' },
  'depends-on': { value: 'IDS', says: 'Jobs that must end first, separated by commas.' },
  'idempotency-key': {
    value: 'KEY',
    says: 'The same key gives back the same job, however often it is asked for.',
  },
} as const satisfies Record<string, Extra>;

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, min: 60, h: 3_600, d: 86_400 };

/** The fields of a job that options say. @throws UsageError */
export function fieldsFrom(extras: Extras): Record<string, unknown> {
  const wait = extras.in === undefined ? undefined : secondsFrom(extras.in);
  return {
    queue: extras.queue,
    priority: countFrom(extras.priority, '--priority'),
    tags: listFrom(extras.tags),
    schedule_in: wait,
    scheduled_at: extras.at,
    max_attempts: countFrom(extras['max-attempts'], '--max-attempts'),
    timeout: countFrom(extras['job-timeout'], '--job-timeout'),
    lock: extras.lock,
    limit_key: extras['limit-key'],
    depends_on: listFrom(extras['depends-on']),
  };
}

function listFrom(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim());
}

function secondsFrom(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text) ?? [];
  const size = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (amount === undefined || size === undefined)
    throw new UsageError(`--in takes a duration such as 90, 90s, 5min, 2h or 1d, not "${text}".`);
  return Number(amount) * size;
}
