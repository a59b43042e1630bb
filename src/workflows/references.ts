import { type Fault, cutToBytes, didYouMean, invalid } from '../common/index.js';
import { isJsonObject } from '../common/json-object.js';
import { escapePointer } from '../common/http/index.js';
import type { JsonObject } from '../queue/index.js';

/** Nobody reads more, and each may take a thousand comparisons to word. */
const MOST_FAULTS = 100;

/** What is longer is the name of no job. */
const LONGEST_REF = 100;

/** What references in a payload stand for. */
export interface Names {
  readonly workflowId: string;
  /** The id of a job that the payload may speak of, or why it may not. */
  readonly jobIdOf: (ref: string) => string | { readonly refusal: string };
}

/**
 * A payload with ids in the place of references: `{"$job": "process"}` becomes the id of that job, `{"$workflow": "id"}`
 * that of the workflow.
 * @throws DomainError validation_failed with a fault for each reference that stands for nothing, up to a hundred
 */
export function withoutReferences(payload: JsonObject, names: Names): JsonObject {
  const faults: Fault[] = [];
  const replaced = replace(payload, '/payload', names, faults);
  if (faults.length > 0) throw invalid('validation_failed', faults);
  if (isJsonObject(replaced)) return replaced;
  const detail = 'A payload is an object, and cannot be a reference as a whole: put it into a field';
  throw invalid('validation_failed', [{ pointer: '/payload', detail, code: 'not_an_object' }]);
}

/** The payload of a job of which no more is asked than whether its fields are as its type wants them. */
export function withAnyReferences(payload: JsonObject, id: string): JsonObject {
  const replaced = replace(payload, '/payload', { workflowId: id, jobIdOf: () => id }, []);
  return isJsonObject(replaced) ? replaced : payload;
}

function replace(value: unknown, pointer: string, names: Names, faults: Fault[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => replace(item, `${pointer}/${index}`, names, faults));
  if (!isJsonObject(value)) return value;
  if ('$job' in value || '$workflow' in value) return resolve(value, pointer, names, faults);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      replace(member, `${pointer}/${escapePointer(key)}`, names, faults),
    ]),
  );
}

function resolve(reference: JsonObject, pointer: string, names: Names, faults: Fault[]): unknown {
  if (faults.length === MOST_FAULTS) return null;
  const answer = idOf(reference, names);
  if (typeof answer === 'string') return answer;
  faults.push({ pointer, detail: answer.refusal, code: 'unknown_reference' });
  return null;
}

function idOf(reference: JsonObject, { workflowId, jobIdOf }: Names): string | { readonly refusal: string } {
  const { $job: job, $workflow: workflow, ...others } = reference;
  if (Object.keys(reference).length > 1 || Object.keys(others).length > 0)
    return { refusal: 'A reference stands alone in its object: {"$job": "ref"} or {"$workflow": "id"}' };
  if (typeof job === 'string') return jobIdOf(job);
  if (workflow === 'id') return workflowId;
  return { refusal: 'A reference is {"$job": "ref"}, with the ref of a job, or {"$workflow": "id"}' };
}

/** Why a job cannot be spoken of. */
export function unknownJob(ref: string, refs: readonly string[]): { refusal: string } {
  return {
    refusal: `No job of this workflow is called "${cutToBytes(ref, LONGEST_REF)}".${didYouMean(ref, refs)}`,
  };
}
