import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { ago } from '../../output/times.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { pageOptions, printPages } from '../../service/pages.js';

interface GroupAnswer {
  readonly fingerprint: string;
  readonly state: string;
  readonly regressed: boolean;
  readonly error_name: string | null;
  readonly message: string | null;
  readonly count: number;
  readonly count_is_exact: boolean;
  readonly types: readonly { readonly type: string }[];
  readonly last_seen: string;
}

const columns: readonly Column<GroupAnswer>[] = [
  { title: 'FINGERPRINT', of: ({ fingerprint }) => fingerprint },
  { title: 'JOBS', of: (group) => `${group.count}${group.count_is_exact ? '' : '+'}`, isRight: true },
  { title: 'STATE', of: ({ state, regressed }) => (regressed ? `${state}, again` : state) },
  { title: 'LAST', of: (group) => ago(group.last_seen), isRight: true },
  { title: 'TYPES', of: ({ types }) => types.map(({ type }) => type).join(', '), shrinks: true },
  {
    title: 'ERROR',
    of: (group) => [group.error_name, group.message].filter(Boolean).join(': '),
    shrinks: true,
  },
];

export const groups: Command = {
  extras: {
    state: {
      value: 'STATE',
      says: 'open (otherwise), resolved or ignored.',
      choices: ['open', 'resolved', 'ignored'],
    },
    ...pageOptions,
    ...serviceOptions,
  },
  examples: [
    { line: 'roundhouse dead-letters groups', says: 'The causes: how often, of which types, since when.' },
  ],
  async run(_settings, extras) {
    const otherwise = 'There are no such groups of errors.';
    const query = { state: extras.state };
    const listing = { path: '/dead-letters/groups', query, member: 'groups', columns, otherwise };
    return printPages(serviceFor(extras), listing, extras);
  },
};
