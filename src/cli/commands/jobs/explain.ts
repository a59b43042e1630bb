import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

interface Explanation {
  readonly status: string;
  readonly reasons: readonly { readonly code: string; readonly detail: string }[];
}

export const explain: Command = {
  operands: ['ID'],
  extras: serviceOptions,
  examples: [
    { line: 'roundhouse jobs explain $SCHEDULED_JOB', says: 'Why it is not running, and what to do.' },
  ],
  async run(_settings, extras, [id = '']) {
    const explanation = await serviceFor(extras).get<Explanation>(pathOf`/jobs/${id}/explain`);
    if (extras.json !== undefined) terminal.printJson(explanation);
    else for (const { code, detail } of explanation.reasons) terminal.print(`${code}: ${detail}`);
    return 0;
  },
};
