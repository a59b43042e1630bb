import type { Session } from '../../database/index.js';
import type { Job } from '../job.entity.js';
import type { Tickets } from './tickets.js';
import { announce } from './wakeups.js';

/**
 * Gives tickets to the jobs that are owed one and tells the workers, at the commit.
 * @param jobs `created` ones have never had a ticket; `moved` ones may have an old one, which goes
 */
export async function lineUp(
  session: Session,
  tickets: Tickets,
  jobs: { readonly created?: readonly LinedUp[]; readonly moved?: readonly LinedUp[] },
): Promise<void> {
  const { created = [], moved = [] } = jobs;
  await tickets.insert(session, created.filter(isOwedTicket));
  await tickets.replace(session, moved.filter(isOwedTicket));
  await announce(session, [...created, ...moved]);
}

export type LinedUp = Pick<
  Job,
  | 'id'
  | 'queue'
  | 'type'
  | 'priority'
  | 'attempts'
  | 'interruptions'
  | 'scheduledAt'
  | 'updatedAt'
  | 'ticketed'
  | 'status'
  | 'lock'
>;

/** A row may say so and yet not wait: a job that was cancelled the moment it came. */
function isOwedTicket({ ticketed, status }: LinedUp): boolean {
  return ticketed && status === 'PENDING';
}
