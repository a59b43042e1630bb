import { AsyncLocalStorage } from 'node:async_hooks';

/** Who asked for something, until callers have names. */
export const ANONYMOUS = 'anonymous';

/** Who does what nobody has asked for. */
const SERVICE = 'service';

const acting = new AsyncLocalStorage<{ name: string }>();

/** What is done in here, however late, is done for this one, or for whoever is named meanwhile. */
export function actingFor<T>(name: string, work: () => T): T {
  return acting.run({ name }, work);
}

/** Says for whom the work around this is done, now that it is known. */
export function nameActor(name: string): void {
  const present = acting.getStore();
  if (present) present.name = name;
}

/** For whom this is done; `service` where nobody has asked for it. */
export function currentActor(): string {
  return acting.getStore()?.name ?? SERVICE;
}
