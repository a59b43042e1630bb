import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import type { ScheduleAnswer } from './schedule.js';

export const resume: Command = {
  operands: ['NAME'],
  source: 'schedules',
  extras: serviceOptions,
  examples: [{ line: 'roundhouse schedules resume weekday-report', says: 'It fires again.' }],
  async run(_settings, extras, [name = '']) {
    const schedule = await serviceFor(extras).post<ScheduleAnswer>(pathOf`/schedules/${name}/resume`);
    if (extras.json !== undefined) terminal.printJson(schedule);
    else terminal.print(`${schedule.name} fires next at ${schedule.next_run_at ?? 'no time'}.`);
    return 0;
  },
};
