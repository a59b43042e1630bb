import type { Command } from '../../command.js';
import { jobsOf } from '../../output/counted.js';
import { terminal } from '../../output/terminal.js';
import type { OperationAnswer } from '../../service/answers.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

export const abort: Command = {
  operands: ['ID'],
  extras: serviceOptions,
  details: 'What it has done stays done.',
  examples: [{ line: 'roundhouse operations abort $RUNNING_OPERATION', says: 'It changes no more jobs.' }],
  async run(_settings, extras, [id = '']) {
    const operation = await serviceFor(extras).post<OperationAnswer>(pathOf`/bulk-operations/${id}/abort`);
    if (extras.json !== undefined) terminal.printJson(operation);
    else terminal.print(`${operation.operation_id}  ends after ${jobsOf(operation.done)}.`);
    return 0;
  },
};
