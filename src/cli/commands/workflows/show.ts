import type { Command } from '../../command.js';
import { printDetails } from '../../output/details.js';
import { statusStyle, terminal } from '../../output/terminal.js';
import type { Column } from '../../output/table.js';
import { ago } from '../../output/times.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import type { WorkflowAnswer } from './workflow.js';

interface NodeAnswer {
  readonly ref: string;
  readonly job_id: string;
  readonly type: string;
  readonly status: string;
  readonly finished_at: string | null;
}

interface Details extends WorkflowAnswer {
  readonly graph: {
    readonly nodes: readonly NodeAnswer[];
    readonly edges: readonly { readonly from: string; readonly to: string }[];
  } | null;
}

export const show: Command = {
  operands: ['ID'],
  extras: serviceOptions,
  examples: [{ line: 'roundhouse workflows show $WORKFLOW', says: 'Its jobs, and what each waits for.' }],
  async run(_settings, extras, [id = '']) {
    const workflow = await serviceFor(extras).get<Details>(pathOf`/workflows/${id}`);
    if (extras.json !== undefined) terminal.printJson(workflow);
    else printWorkflow(workflow);
    return 0;
  },
};

function printWorkflow({ graph, ...workflow }: Details): void {
  printDetails([
    ['id', workflow.workflow_id],
    ['name', workflow.name],
    ['kind', workflow.kind],
    ['status', workflow.status],
    ['jobs', Object.entries(workflow.counts).map(([status, count]) => `${count} ${status}`)],
    ['done', `${workflow.progress} %`],
    ['tags', workflow.tags],
    [
      'then',
      workflow.on_finished && `${workflow.on_finished.type} ${workflow.on_finished.job_id ?? ''}`.trim(),
    ],
    ['created', workflow.created_at],
    ['finished', workflow.finished_at],
  ]);
  if (!graph) return;
  const columns: readonly Column<NodeAnswer>[] = [
    { title: 'REF', of: ({ ref }) => ref, shrinks: true },
    { title: 'JOB', of: (node) => node.job_id },
    { title: 'TYPE', of: ({ type }) => type, shrinks: true },
    { title: 'STATUS', of: ({ status }) => status, style: ({ status }) => statusStyle(status) },
    { title: 'AFTER', of: ({ ref }) => parentsOf(ref, graph.edges), shrinks: true },
    { title: 'FINISHED', of: (node) => ago(node.finished_at), isRight: true },
  ];
  process.stdout.write('\n');
  terminal.printTable(columns, graph.nodes, 'It has no jobs.');
}

function parentsOf(ref: string, edges: readonly { readonly from: string; readonly to: string }[]): string {
  return edges.flatMap(({ from, to }) => (to === ref ? [from] : [])).join(', ');
}
