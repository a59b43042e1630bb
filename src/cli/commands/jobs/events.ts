import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import type { Column } from '../../output/table.js';
import type { EventAnswer } from '../../service/answers.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

const columns: readonly Column<EventAnswer>[] = [
  { title: 'AT', of: ({ at }) => at },
  { title: 'EVENT', of: ({ event }) => event },
  { title: 'ATTEMPT', of: ({ attempt }) => attempt || null, isRight: true },
  { title: 'BY', of: ({ actor, worker_id }) => actor ?? worker_id, shrinks: true },
  { title: 'ERROR', of: ({ error }) => error && `${error.name}: ${error.message}`, shrinks: true },
];

export const events: Command = {
  operands: ['ID'],
  extras: { after: { value: 'EVENT', says: 'Only events after the one with this id.' }, ...serviceOptions },
  examples: [{ line: 'roundhouse jobs events $JOB', says: 'Its history, from the ledger.' }],
  async run(_settings, extras, [id = '']) {
    const query = { after: extras.after };
    const page = await serviceFor(extras).get<{ events: EventAnswer[]; next_after: number | null }>(
      pathOf`/jobs/${id}/events`,
      { query },
    );
    if (extras.json !== undefined) terminal.printJson(page);
    else terminal.printTable(columns, page.events, 'There are no events.');
    if (extras.json === undefined && page.next_after !== null)
      terminal.note(`More: --after ${page.next_after}`);
    return 0;
  },
};
