import { AsyncLocalStorage } from 'node:async_hooks';
import { ANONYMOUS, DomainError, actingFor, nameActor } from '../common/index.js';
import type { Grants, Scope } from './scopes.js';

/** Who sends a request. */
export interface Caller {
  /** As it is written beside what it did, such as `key:0193…`. */
  readonly name: string;
  readonly grants: Grants;
}

/** What is known of the request under way. */
interface CurrentRequest {
  caller?: Caller;
  /** What its route requires. */
  scope?: Scope;
}

const current = new AsyncLocalStorage<CurrentRequest>();

/** Does the rest of a request, whose caller is yet to be found out. */
export function inRequest(work: () => void): void {
  actingFor(ANONYMOUS, () => current.run({}, work));
}

/** Notes who sent the request under way, and what it requires. */
export function noteCaller(caller: Caller, scope: Scope): void {
  const request = current.getStore();
  if (!request) throw new Error('No request is under way: add the hook of inRequest to the server');
  Object.assign(request, { caller, scope });
  nameActor(caller.name);
}

/** The name of whoever asks for what is being done; `anonymous` where everybody may. */
export function actor(): string {
  return current.getStore()?.caller?.name ?? ANONYMOUS;
}

/** Whether the caller may do in some queues only what the request requires, so that it must be found out which it is about. */
export function isBoundToQueues(): boolean {
  const { caller, scope } = current.getStore() ?? {};
  return caller !== undefined && scope !== undefined && !caller.grants.holdsEverywhere(scope);
}

/**
 * Refuses what the caller may not do in a queue. Where everybody may call, everything is allowed, and to the service itself.
 * @param queue undefined = in all of them
 * @throws DomainError forbidden
 */
export function refuseQueue(queue: string | undefined): void {
  const { caller, scope } = current.getStore() ?? {};
  if (!caller || !scope || caller.grants.holdsEverywhere(scope)) return;
  if (queue !== undefined && caller.grants.holdsIn(scope, queue)) return;
  const needed = queue === undefined ? scope : `${scope}@${queue}`;
  const hint = queue === undefined ? ': name a queue for which it has it' : '';
  throw new DomainError(
    'forbidden',
    `This needs the scope ${needed}, which this API key does not have${hint}`,
  );
}
