import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { terminal } from '../../output/terminal.js';
import { ago } from '../../output/times.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';

interface WorkerAnswer {
  readonly id: string;
  readonly is_external: boolean;
  readonly hostname: string;
  readonly pid: number | null;
  readonly version: string;
  readonly queues: readonly string[];
  readonly slots: number;
  readonly busy: number;
  readonly state: string;
  readonly last_seen_at: string;
}

const columns: readonly Column<WorkerAnswer>[] = [
  { title: 'ID', of: ({ id }) => id },
  {
    title: 'STATE',
    of: ({ state }) => state,
    style: ({ state }) => (state === 'lost' ? terminal.style('red') : undefined),
  },
  { title: 'BUSY', of: ({ busy, slots }) => `${busy}/${slots}`, isRight: true },
  { title: 'QUEUES', of: ({ queues }) => queues.join(', '), shrinks: true },
  {
    title: 'HOST',
    of: ({ hostname, pid }) => (pid === null ? hostname : `${hostname}:${pid}`),
    shrinks: true,
  },
  { title: 'VERSION', of: (worker) => (worker.is_external ? 'external' : worker.version) },
  { title: 'SEEN', of: (worker) => ago(worker.last_seen_at), isRight: true },
];

export const list: Command = {
  extras: { ...pageOptions, ...serviceOptions },
  examples: [{ line: 'roundhouse workers list', says: 'Who works, on what.' }],
  run: async (_settings, extras) =>
    printPages(
      serviceFor(extras),
      {
        path: '/workers',
        member: 'workers',
        columns,
        otherwise: 'There are no workers: "roundhouse worker" is one.',
      },
      extras,
    ),
};
