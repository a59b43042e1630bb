import type { Command } from '../../command.js';
import { printDetails } from '../../output/details.js';
import { terminal } from '../../output/terminal.js';
import type { Column } from '../../output/table.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { type ScheduleAnswer, pauseOf } from './schedule.js';

interface RunAnswer {
  readonly occurrence: string;
  readonly job_id: string | null;
  readonly workflow_id: string | null;
  readonly error: string | null;
  readonly made_up: boolean;
}

const columns: readonly Column<RunAnswer>[] = [
  { title: 'OCCURRENCE', of: ({ occurrence }) => occurrence },
  { title: 'STARTED', of: (run) => run.job_id ?? run.workflow_id },
  { title: 'MADE UP', of: (run) => (run.made_up ? 'yes' : null) },
  { title: 'ERROR', of: ({ error }) => error, shrinks: true },
];

export const show: Command = {
  operands: ['NAME'],
  source: 'schedules',
  extras: serviceOptions,
  examples: [
    { line: 'roundhouse schedules show weekday-report', says: 'One schedule, and what it has started.' },
  ],
  async run(_settings, extras, [name = '']) {
    const schedule = await serviceFor(extras).get<ScheduleAnswer & { runs: RunAnswer[] }>(
      pathOf`/schedules/${name}`,
    );
    if (extras.json !== undefined) terminal.printJson(schedule);
    else {
      printSchedule(schedule);
      process.stdout.write('\n');
      terminal.printTable(columns, schedule.runs, 'It has not fired yet.');
    }
    return 0;
  },
};

function printSchedule(schedule: ScheduleAnswer): void {
  printDetails([
    ['schedule', schedule.name],
    ['state', pauseOf(schedule) ?? schedule.state],
    ['cron', schedule.cron],
    ['rrule', schedule.rrule],
    ['timezone', schedule.timezone],
    ['missed', schedule.missed],
    ['next', schedule.next_run_at],
    ['last', schedule.last_run_at],
    ['last error', schedule.last_error?.message],
    ['job', schedule.job],
    ['workflow', schedule.workflow],
  ]);
}
