import { AsyncLocalStorage } from 'node:async_hooks';
import { ANONYMOUS, DomainError } from '../common/index.js';
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
  current.run({}, work);
}

/** Notes who sent the request under way, and what it requires. */
export function noteCaller(caller: Caller, scope: Scope): void {
  const request = current.getStore();
  if (!request) throw new Error('No request is under way: add the hook of inRequest to the server');
  Object.assign(request, { caller, scope });
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
 * Refuses to have to do with a job that is not the caller's. To whoever may read it the missing scope is told; to others
 * neither that there is such a job, nor where it is.
 * @param hidden what is said in the place of that
 * @throws DomainError forbidden, or what `hidden` says
 */
export function refuseJob(queue: string, hidden: () => DomainError): void {
  const { caller, scope } = current.getStore() ?? {};
  if (!caller || !scope || caller.grants.holdsIn(scope, queue)) return;
  if (caller.grants.holdsIn('jobs:read', queue)) refuseQueue(queue);
  throw hidden();
}

/** Whether the caller may read the jobs of a queue, or do there what the request under way requires. */
export function maySee(queue: string): boolean {
  const { caller, scope } = current.getStore() ?? {};
  if (!caller || !scope) return true;
  return caller.grants.holdsIn(scope, queue) || caller.grants.holdsIn('jobs:read', queue);
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
    `This needs the scope ${needed}, which this API key or token does not have${hint}`,
  );
}
