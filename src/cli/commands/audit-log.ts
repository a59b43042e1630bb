import type { Command } from '../command.js';
import type { Column } from '../output/table.js';
import { ago } from '../output/times.js';
import { serviceFor, serviceOptions } from '../service/options.js';
import { pageOptions, printPages } from '../service/pages.js';

interface RecordAnswer {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject_type: string;
  readonly subject_id: string | null;
  readonly before: object | null;
  readonly after: object | null;
}

const columns: readonly Column<RecordAnswer>[] = [
  { title: 'WHEN', of: ({ at }) => ago(at), isRight: true },
  { title: 'WHO', of: ({ actor }) => actor, shrinks: true },
  { title: 'DID', of: ({ action }) => action },
  { title: 'TO', of: (record) => record.subject_id ?? record.subject_type, shrinks: true },
  { title: 'BEFORE', of: ({ before }) => before && JSON.stringify(before), shrinks: true },
  { title: 'AFTER', of: ({ after }) => after && JSON.stringify(after), shrinks: true },
];

export const auditLog: Command = {
  extras: {
    actor: { value: 'ACTOR', says: 'Only what this one did: key:ID, anonymous, "command line" or service.' },
    action: { value: 'ACTION', says: 'Only this, such as queue.pause.' },
    'subject-type': { value: 'TYPE', says: 'Only what was done to such things, such as job, queue or key.' },
    'subject-id': { value: 'ID', says: 'Only what was done to the thing of this id or name.' },
    queue: { value: 'QUEUE', says: 'Only what was about this queue.', source: 'queues' },
    from: {
      value: 'TIME',
      says: 'Only what was done at this time or later, such as 2026-02-01T00:00:00Z.',
    },
    to: { value: 'TIME', says: 'Only what was done before this time.' },
    ...pageOptions,
    ...serviceOptions,
  },
  details: 'It takes a key with the scope admin.',
  examples: [
    {
      line: 'roundhouse audit-log --queue emails',
      says: 'Who paused that queue, cancelled its jobs and so on.',
    },
    {
      line: 'roundhouse audit-log --from 2026-02-01T00:00:00Z --all --json > audit.jsonl',
      says: 'All of it since then, for a copy elsewhere.',
    },
  ],
  async run(_settings, extras) {
    const { actor, action, queue, from, to } = extras;
    const subject = { subject_type: extras['subject-type'], subject_id: extras['subject-id'] };
    const query = { actor, action, ...subject, queue, from, to };
    const otherwise = 'The audit log holds no such records.';
    return printPages(
      serviceFor(extras),
      { path: '/admin/audit', query, member: 'records', columns, otherwise },
      extras,
    );
  },
};
