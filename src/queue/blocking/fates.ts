import type { JobStatus } from '../job-status.js';
import type { Job } from '../job.entity.js';

/** A parent that has ended. */
export type EndedParent = Pick<Job, 'id' | 'status'>;

type Waiting = Pick<Job, 'id' | 'dependsOn' | 'openDependencies'>;

/** Names who waits for whom. */
export function edgeBetween(parent: string, child: string): string {
  return `${parent} ${child}`;
}

/** A job that is to be cancelled, and why. */
export interface Doomed {
  readonly id: string;
  readonly error: { readonly name: string; readonly message: string };
}

/** What the error of a job is called that was cancelled because of one it depends on. */
export const DEPENDENCY_FAILED = 'DependencyFailed';

export function doomedBy(id: string, parent: { id: string; status: JobStatus }): Doomed {
  const message = `Job ${parent.id}, which this one depends on, ended ${parent.status}`;
  return { id, error: { name: DEPENDENCY_FAILED, message } };
}

/**
 * What the end of jobs means for those that wait for them, and for those that wait for these: cancelled because of one,
 * or fewer to wait for. Each edge decides on its own: one that does not tolerate the failure cancels. Pure.
 * @param tolerated the edges on which a failure changes nothing
 * @param told edges that were counted before; those that count now are added
 */
export function fatesOf<Child extends Waiting>(
  children: readonly Child[],
  ended: readonly EndedParent[],
  tolerated: ReadonlySet<string>,
  told = new Set<string>(),
): { doomed: Doomed[]; counted: { child: Child; open: number }[] } {
  const doomed = dooms(children, ended, tolerated);
  const over = new Set([...ended.map(({ id }) => id), ...doomed.keys()]);
  const counted = children.flatMap((child) => {
    if (doomed.has(child.id)) return [];
    const edges = child.dependsOn
      .filter((id) => over.has(id))
      .map((id) => edgeBetween(id, child.id))
      .filter((edge) => !told.has(edge));
    for (const edge of edges) told.add(edge);
    return edges.length > 0 ? [{ child, open: child.openDependencies - edges.length }] : [];
  });
  return { doomed: [...doomed.values()], counted };
}

function dooms(
  children: readonly Waiting[],
  ended: readonly EndedParent[],
  tolerated: ReadonlySet<string>,
): Map<string, Doomed> {
  const doomed = new Map<string, Doomed>();
  const failed = ended.filter(({ status }) => status !== 'COMPLETED');
  if (failed.length === 0) return doomed;
  const waitingFor = Map.groupBy(
    children.flatMap(({ id, dependsOn }) => dependsOn.map((parent) => ({ parent, child: id }))),
    ({ parent }) => parent,
  );
  // It grows while it is gone through: what is cancelled cancels in turn.
  for (const parent of failed) {
    for (const { child } of waitingFor.get(parent.id) ?? []) {
      if (doomed.has(child) || tolerated.has(edgeBetween(parent.id, child))) continue;
      doomed.set(child, doomedBy(child, parent));
      failed.push({ id: child, status: 'CANCELLED' });
    }
  }
  return doomed;
}
