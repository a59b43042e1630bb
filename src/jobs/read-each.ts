import { DomainError, type Fault, invalid } from '../common/index.js';

/** Whoever sends 10,000 wrong jobs wants to know what is wrong with the first of them. */
const MOST_FAULTS = 100;

/**
 * Reads the jobs of a list.
 * @param read reads one, with its place in the list
 * @throws DomainError validation_failed with the faults of every job, each at its place (`/jobs/7/payload`)
 */
export async function readEach<Body, Read>(
  bodies: readonly Body[],
  read: (body: Body, at: string, index: number) => Promise<Read>,
): Promise<Read[]> {
  const jobs: Read[] = [];
  const faults: Fault[] = [];
  for (const [index, body] of bodies.entries()) {
    const at = `/jobs/${index}`;
    try {
      jobs.push(await read(body, at, index));
    } catch (error) {
      faults.push(...faultsAt(at, error));
    }
    if (faults.length >= MOST_FAULTS) break;
  }
  if (faults.length > 0) throw invalid('validation_failed', faults);
  return jobs;
}

/** The faults of one part of a request, told where it stands. @throws the error itself when it has none, or is about the caller */
export function faultsAt(at: string, error: unknown): Fault[] {
  if (!(error instanceof DomainError) || error.code === 'forbidden') throw error;
  const { faults = [{ pointer: '', detail: error.message, code: error.code }] } = error.options;
  return faults.map((fault) => ({ ...fault, pointer: `${at}${fault.pointer}` }));
}
