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
  /** Rejects when the caller may not do this any more. */
  recheck?: () => Promise<void>;
  /** Where everybody may call: where the request comes from. */
  address?: () => string;
}

/** Who waits for an answer. */
export interface Client {
  readonly name: string;
  /** Rejects with `unauthenticated` or `forbidden` when it may not have the answer any more. */
  readonly recheck?: () => Promise<void>;
}

const current = new AsyncLocalStorage<CurrentRequest>();

/** Does the rest of a request, whose caller is yet to be found out. */
export function inRequest(work: () => void): void {
  actingFor(ANONYMOUS, () => current.run({}, work));
}

/**
 * Notes who sent the request under way, and what it requires.
 * @param recheck rejects when the caller may not do this any more: asked again and again while an answer is held
 */
export function noteCaller(caller: Caller, scope: Scope, recheck: () => Promise<void>): void {
  Object.assign(requestUnderWay(), { caller, scope, recheck });
  nameActor(caller.name);
}

/** Notes where the request under way comes from, which is asked only where somebody wants to know. */
export function noteAddress(address: () => string): void {
  requestUnderWay().address = address;
}

/** Who waits for what is being done; undefined = the service itself. */
export function clientOfRequest(): Client | undefined {
  const { caller, recheck, address } = current.getStore() ?? {};
  if (caller) return { name: caller.name, ...(recheck ? { recheck } : {}) };
  return address && { name: address() };
}

function requestUnderWay(): CurrentRequest {
  const request = current.getStore();
  if (!request) throw new Error('No request is under way: add the hook of inRequest to the server');
  return request;
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
