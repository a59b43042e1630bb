import { isJsonObject } from '../common/json-object.js';
import type { RefDependency } from './create-workflow.dto.js';

/** A job as far as its form says who it is and what it waits for. */
interface Draft {
  readonly ref: string;
  readonly depends_on: (string | RefDependency)[];
}

/** The jobs of a list that may be wrong in any way, for the graph to look at. */
export function drafts(bodies: readonly unknown[]): Draft[] {
  const jobs = bodies.map((body) => (isJsonObject(body) ? body : {}));
  return jobs.map(({ ref, depends_on }, place) => ({
    // What has no name is nobody's twin.
    ref: typeof ref === 'string' ? ref : `#${place}`,
    depends_on: Array.isArray(depends_on) && depends_on.every(isDependency) ? depends_on : [],
  }));
}

function isDependency(one: unknown): one is string | RefDependency {
  return typeof one === 'string' || (isJsonObject(one) && typeof one.ref === 'string');
}
