import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { ago } from '../../output/times.js';
import type { OperationAnswer } from '../../service/answers.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';

const columns: readonly Column<OperationAnswer>[] = [
  { title: 'ID', of: (operation) => operation.operation_id },
  { title: 'ACTION', of: ({ action }) => action },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'DONE', of: ({ done, matched }) => `${done}/${matched ?? '?'}`, isRight: true },
  { title: 'FAILED', of: ({ failed }) => failed, isRight: true },
  { title: 'STARTED', of: (operation) => ago(operation.created_at), isRight: true },
  { title: 'BY', of: (operation) => operation.created_by, shrinks: true },
];

export const list: Command = {
  extras: { ...pageOptions, ...serviceOptions },
  examples: [{ line: 'roundhouse operations list', says: 'Changes of many jobs, the latest first.' }],
  run: async (_settings, extras) =>
    printPages(
      serviceFor(extras),
      {
        path: '/bulk-operations',
        member: 'bulk_operations',
        columns,
        otherwise: 'There are no bulk operations.',
      },
      extras,
    ),
};
