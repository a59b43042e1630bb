import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { jsonFrom } from '../../service/json-input.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { UsageError } from '../../usage.error.js';
import type { ScheduleAnswer } from './schedule.js';
import { timingFrom, timingOptions } from './timing.js';

export const create: Command = {
  operands: ['NAME'],
  extras: {
    ...timingOptions,
    missed: {
      value: 'POLICY',
      says: 'What becomes of what came while nothing was up: skip (otherwise), or once.',
      choices: ['skip', 'once'],
    },
    type: { value: 'TYPE', says: 'The type of the job that it starts.', source: 'types' },
    payload: { value: 'JSON', says: 'Its payload; - reads standard input, @FILE a file.' },
    queue: { value: 'QUEUE', says: 'Its queue.', source: 'queues' },
    job: { value: 'JSON', says: 'Instead: the whole job, as POST /schedules has it; - and @FILE as well.' },
    workflow: { value: 'JSON', says: 'Instead: the workflow that it starts, likewise.' },
    ...serviceOptions,
  },
  examples: [
    {
      line: `roundhouse schedules create every-hour --cron '0 * * * *' --type echo --payload '{"report": "sales"}'`,
      says: 'A job every hour.',
    },
  ],
  async run(_settings, extras, [name = '']) {
    const { missed, type, payload, queue, job, workflow } = extras;
    const isPlain = [type, payload, queue].some((value) => value !== undefined);
    if ([isPlain, job !== undefined, workflow !== undefined].filter(Boolean).length > 1)
      throw new UsageError('Say what it starts in one way: --type and its like, --job, or --workflow.');
    const schedule = await serviceFor(extras).post<ScheduleAnswer>('/schedules', {
      name,
      ...timingFrom(extras),
      missed,
      ...(job === undefined ? {} : { job: jsonFrom(job, 'The job') }),
      ...(workflow === undefined ? {} : { workflow: jsonFrom(workflow, 'The workflow') }),
      ...(isPlain
        ? { job: { type, queue, payload: payload === undefined ? {} : jsonFrom(payload, 'The payload') } }
        : {}),
    });
    if (extras.json !== undefined) terminal.printJson(schedule);
    else terminal.print(`${schedule.name} fires next at ${schedule.next_run_at ?? 'no time'}.`);
    return 0;
  },
};
