import type { Command, Example } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { each } from '../../service/each.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pathOf } from '../../service/service.js';

interface StateAnswer {
  readonly fingerprint: string;
  readonly state: string;
}

/** A command that says of causes of failures what becomes of them. */
export function groupAction(
  action: 'resolve' | 'ignore' | 'reopen',
  details: string,
  examples: readonly Example[],
): Command {
  return {
    operands: ['FINGERPRINT...'],
    extras: serviceOptions,
    details,
    examples,
    async run(_settings, extras, fingerprints) {
      const service = serviceFor(extras);
      return each(fingerprints, async (fingerprint) => {
        const path = `${pathOf`/dead-letters/groups/${fingerprint}`}/${action}`;
        const group = await service.post<StateAnswer>(path);
        if (extras.json !== undefined) terminal.printJsonLine(group);
        else terminal.print(`${group.fingerprint} is ${group.state}.`);
      });
    },
  };
}
