import { QUEUE_NAME, didYouMean } from '../common/index.js';

/** What a caller may be allowed to do, and what that is. */
export const SCOPES = {
  'jobs:submit': 'Submit jobs and workflows.',
  'jobs:read': 'Read jobs, workflows, queues, workers and schedules.',
  'jobs:control': 'Cancel, retry, edit, redrive and discard jobs.',
  'queues:admin': 'Pause and configure queues, drain workers, declare job types.',
  'schedules:write': 'Create, change and delete schedules.',
  'webhooks:write': 'Read, create, change and delete webhooks.',
  leases: 'Run jobs as an external worker.',
  admin: 'All of these, and the API keys.',
} as const;

export type Scope = keyof typeof SCOPES;

/** A scope as it is granted: everywhere, or in one queue (`jobs:read@emails`). */
interface Grant {
  readonly scope: Scope;
  readonly queue: string | undefined;
}

const NAMES = Object.keys(SCOPES) as Scope[];

/** What is wrong with a scope as it was written; undefined = nothing. */
export function scopeFault(text: string): string | undefined {
  const [name = '', queue, ...more] = text.split('@');
  if (!isScope(name)) {
    const hint = didYouMean(name, NAMES) || ` There are ${NAMES.join(', ')}.`;
    return `there is no scope "${name}".${hint}`;
  }
  if (queue === undefined) return undefined;
  return more.length === 0 && QUEUE_NAME.test(queue)
    ? undefined
    : `"${text}" names no queue after the @: write it as in ${name}@emails`;
}

/** What one caller may do. */
export class Grants {
  private readonly grants: readonly Grant[];

  /** @param scopes as they are stored; what this version does not know allows nothing */
  constructor(scopes: readonly string[]) {
    this.grants = scopes.filter((text) => scopeFault(text) === undefined).map(toGrant);
  }

  /** Whether the scope is held in every queue, and where there is none. */
  holdsEverywhere(scope: Scope): boolean {
    return this.covering(scope).some(({ queue }) => queue === undefined);
  }

  /** Whether the scope is held in this queue. */
  holdsIn(scope: Scope, queue: string): boolean {
    return this.covering(scope).some((grant) => grant.queue === undefined || grant.queue === queue);
  }

  /** Whether the scope is held in any queue. */
  holdsSomewhere(scope: Scope): boolean {
    return this.covering(scope).length > 0;
  }

  /** The administrator of a queue may do there whatever can be done. */
  private covering(scope: Scope): Grant[] {
    return this.grants.filter((grant) => grant.scope === scope || grant.scope === 'admin');
  }
}

function toGrant(text: string): Grant {
  const [scope = '', queue] = text.split('@');
  return { scope: scope as Scope, queue };
}

function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}
