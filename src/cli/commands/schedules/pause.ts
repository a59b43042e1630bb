import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';
import { type ScheduleAnswer, pauseOf } from './schedule.js';

export const pause: Command = {
  operands: ['NAME'],
  source: 'schedules',
  extras: { reason: { value: 'TEXT', says: 'For whoever wonders.' }, ...serviceOptions },
  examples: [
    { line: 'roundhouse schedules pause weekday-report', says: 'It fires no more until it is resumed.' },
  ],
  async run(_settings, extras, [name = '']) {
    const { reason } = extras;
    const schedule = await serviceFor(extras).post<ScheduleAnswer>(pathOf`/schedules/${name}/pause`, {
      reason,
    });
    if (extras.json !== undefined) terminal.printJson(schedule);
    else terminal.print(`${schedule.name} is ${pauseOf(schedule) ?? schedule.state}.`);
    return 0;
  },
};
