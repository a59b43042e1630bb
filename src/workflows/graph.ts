import { type Fault, invalid } from '../common/index.js';
import type { OnFailure } from '../queue/index.js';
import type { RefDependency, WorkflowJobRequest } from './create-workflow.dto.js';
import { unknownJob } from './references.js';

/** An edge to a job, by its place in the request. */
export interface Edge {
  readonly to: number;
  readonly onFailure: OnFailure;
}

type GraphJob = Pick<WorkflowJobRequest, 'ref' | 'depends_on'>;

/** Nobody reads more. */
const MOST_FAULTS = 100;

/** Each costs a row, and about as much time as a job when it is counted down: two seconds to accept, minutes to run. */
const MOST_EDGES = 100_000;

/** The jobs of a workflow and who waits for whom, each by its place in the request. */
export class WorkflowGraph {
  /** What each job waits for. */
  readonly edges: readonly (readonly Edge[])[];
  /** The jobs in an order in which each stands after those that it waits for. */
  readonly order: readonly number[];
  private readonly places: ReadonlyMap<string, number>;
  private ancestors: readonly Uint32Array[] | undefined;

  /** @throws DomainError validation_failed for refs that are there twice or not at all, and for a circle */
  constructor(private readonly jobs: readonly GraphJob[]) {
    refuseTooMany(jobs);
    const faults: Fault[] = [];
    this.places = placesOf(jobs, faults);
    this.edges = edgesOf(jobs, this.places, faults);
    this.order = orderOf(jobs, this.edges, faults);
    refuse(faults);
  }

  /** The place of a job; undefined = there is none of this name. */
  placeOf(ref: string): number | undefined {
    return this.places.get(ref);
  }

  get refs(): string[] {
    return this.jobs.map(({ ref }) => ref);
  }

  /** Whether a job waits for another one, be it through others. */
  isAncestor(place: number, of: number): boolean {
    this.ancestors ??= this.findAncestors();
    return ((this.ancestors[of]?.[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
  }

  /** One bit for each pair: a thousand jobs with all edges there can be take a moment. */
  private findAncestors(): Uint32Array[] {
    const words = Math.ceil(this.jobs.length / 32);
    const sets = this.jobs.map(() => new Uint32Array(words));
    for (const place of this.order) {
      const own = sets[place];
      for (const { to } of this.edges[place] ?? []) {
        sets[to]?.forEach((bits, word) => own && (own[word] = (own[word] ?? 0) | bits));
        if (own) own[to >> 5] = (own[to >> 5] ?? 0) | (1 << (to & 31));
      }
    }
    return sets;
  }
}

function placesOf(jobs: readonly GraphJob[], faults: Fault[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, { ref }] of jobs.entries()) {
    const first = places.get(ref);
    if (first === undefined) places.set(ref, place);
    else
      faults.push(
        fault(
          `/jobs/${place}/ref`,
          `Job ${first} is called "${ref}" already: each ref stands once`,
          'duplicate_ref',
        ),
      );
  }
  return places;
}

function edgesOf(jobs: readonly GraphJob[], places: ReadonlyMap<string, number>, faults: Fault[]): Edge[][] {
  return jobs.map(({ depends_on = [] }, place) =>
    depends_on.flatMap((one, index) => {
      const { ref, on_failure: onFailure = 'cancel' }: RefDependency =
        typeof one === 'string' ? { ref: one } : one;
      const to = places.get(ref);
      if (to !== undefined) return [{ to, onFailure }];
      if (faults.length >= MOST_FAULTS) return [];
      const { refusal } = unknownJob(ref, [...places.keys()]);
      faults.push(fault(`/jobs/${place}/depends_on/${index}`, refusal, 'unknown_ref'));
      return [];
    }),
  );
}

function refuseTooMany(jobs: readonly GraphJob[]): void {
  const count = jobs.reduce((sum, { depends_on = [] }) => sum + depends_on.length, 0);
  if (count <= MOST_EDGES) return;
  const detail = `The jobs name ${count} dependencies, and ${MOST_EDGES} are the most there may be: put a job in between that waits for many, and let the others wait for that one`;
  refuse([fault('/jobs', detail, 'too_many_dependencies')]);
}

/** Those that wait for nobody first, in the order of the request. */
function orderOf(jobs: readonly GraphJob[], edges: readonly (readonly Edge[])[], faults: Fault[]): number[] {
  const waiting = edges.map((own) => own.length);
  const dependents = jobs.map((): number[] => []);
  for (const [place, own] of edges.entries()) for (const { to } of own) dependents[to]?.push(place);
  const order = [...waiting.keys()].filter((place) => waiting[place] === 0);
  // It grows while it is gone through.
  for (const place of order) {
    for (const dependent of dependents[place] ?? []) {
      waiting[dependent] = (waiting[dependent] ?? 0) - 1;
      if (waiting[dependent] === 0) order.push(dependent);
    }
  }
  if (order.length < jobs.length) faults.push(circleIn(jobs, edges, new Set(order)));
  return order;
}

/** Who is left waits for one that is left, and so comes round to itself. */
function circleIn(
  jobs: readonly GraphJob[],
  edges: readonly (readonly Edge[])[],
  sorted: ReadonlySet<number>,
): Fault {
  const path: number[] = [];
  let place = jobs.findIndex((_, index) => !sorted.has(index));
  while (!path.includes(place)) {
    path.push(place);
    place = edges[place]?.find(({ to }) => !sorted.has(to))?.to ?? place;
  }
  const circle = [...path.slice(path.indexOf(place)), place].map((each) => jobs[each]?.ref ?? '');
  const detail = `These jobs wait for each other in a circle: ${circle.join(' → ')}. Remove one of these dependencies`;
  return fault(`/jobs/${place}/depends_on`, shortened(detail), 'circle');
}

function shortened(detail: string): string {
  return detail.length <= 1_000 ? detail : `${detail.slice(0, 950)} …`;
}

function fault(pointer: string, detail: string, code: string): Fault {
  return { pointer, detail, code };
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalid('validation_failed', faults.slice(0, MOST_FAULTS));
}
