import type { Command } from '../../command.js';
import type { OperationAnswer } from '../../service/answers.js';
import { followOperation } from '../../service/follow-operation.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

export const watch: Command = {
  operands: ['ID'],
  extras: serviceOptions,
  examples: [{ line: 'roundhouse operations watch $OPERATION', says: 'How far it is, until its end.' }],
  async run(_settings, extras, [id = '']) {
    const service = serviceFor(extras);
    const operation = await service.get<OperationAnswer>(pathOf`/bulk-operations/${id}`);
    return followOperation(service, operation, { asJson: extras.json !== undefined });
  },
};
