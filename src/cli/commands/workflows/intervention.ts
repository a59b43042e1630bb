import type { Command, Example } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { each } from '../../service/each.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

interface Intervention {
  readonly workflow_id: string;
  readonly status: string;
  readonly done: number;
  readonly requested: number;
  readonly refused: number;
}

/** A command that means all jobs of the workflows that are named. */
export function workflowAction(path: 'cancel' | 'retry', examples: readonly Example[]): Command {
  return {
    operands: ['ID...'],
    extras: serviceOptions,
    examples,
    async run(_settings, extras, ids) {
      const service = serviceFor(extras);
      return each(ids, async (id) => {
        const answer = await service.post<Intervention>(`${pathOf`/workflows/${id}`}/${path}`);
        if (extras.json !== undefined) terminal.printJsonLine(answer);
        else terminal.print(sentence(answer));
      });
    },
  };
}

function sentence({ workflow_id, status, done, requested, refused }: Intervention): string {
  const parts = [
    `${done} done`,
    requested > 0 && `${requested} told to stop`,
    refused > 0 && `${refused} refused`,
  ];
  return `${workflow_id}  is ${status}. Jobs: ${parts.filter(Boolean).join(', ')}.`;
}
