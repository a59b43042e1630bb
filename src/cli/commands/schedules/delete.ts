import type { Command } from '../../command.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { terminal } from '../../output/terminal.js';
import { isMeant } from '../../service/bulk.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

const { url, 'api-key-file': apiKeyFile } = serviceOptions;

export const remove: Command = {
  operands: ['NAME'],
  source: 'schedules',
  extras: { yes: { says: 'Do not ask whether it is meant.' }, url, 'api-key-file': apiKeyFile },
  examples: [
    { line: 'roundhouse schedules delete weekday-report --yes', says: 'What it has started goes on.' },
  ],
  async run(_settings, extras, [name = '']) {
    const service = serviceFor(extras);
    if (extras.yes === undefined && !(await isMeant(`Delete the schedule ${name}?`)))
      return EXIT_CODES.failed;
    await service.delete(pathOf`/schedules/${name}`);
    terminal.print(`${name} is deleted.`);
    return EXIT_CODES.done;
  },
};
