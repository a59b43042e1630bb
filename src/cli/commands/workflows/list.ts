import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { statusStyle } from '../../output/terminal.js';
import { ago } from '../../output/times.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';
import type { WorkflowAnswer } from './workflow.js';

const columns: readonly Column<WorkflowAnswer>[] = [
  { title: 'ID', of: (workflow) => workflow.workflow_id },
  { title: 'NAME', of: ({ name }) => name, shrinks: true },
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'STATUS', of: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { title: 'JOBS', of: ({ jobs }) => jobs, isRight: true },
  { title: 'DONE', of: ({ progress }) => `${progress} %`, isRight: true },
  { title: 'CREATED', of: (workflow) => ago(workflow.created_at), isRight: true },
];

export const list: Command = {
  extras: {
    status: {
      value: 'STATUS',
      says: 'Only those of this status: RUNNING, COMPLETED, FAILED, CANCELLED.',
      choices: ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'],
    },
    name: { value: 'NAME', says: 'Only those of this name.' },
    tag: { value: 'TAG', says: 'Only those with this tag.' },
    ...pageOptions,
    ...serviceOptions,
  },
  examples: [{ line: 'roundhouse workflows list --status RUNNING', says: 'What is under way.' }],
  async run(_settings, extras) {
    const { status, name, tag } = extras;
    const otherwise = 'There are no such workflows.';
    const listing = {
      path: '/workflows',
      query: { status, name, tag },
      member: 'workflows',
      columns,
      otherwise,
    };
    return printPages(serviceFor(extras), listing, extras);
  },
};
