import { isJsonObject } from '../../common/json-object.js';
import type { ProcessDataPayload } from './process-data.payload.js';

const SOURCES = ['data', 'url', 'file'] as const;

/** Rows come from one place. */
export function sourceFault(name: string, payload: ProcessDataPayload): string | undefined {
  const given = SOURCES.filter((source) => payload[source] !== undefined);
  if (given.length === 1) return undefined;
  return given.length === 0
    ? 'Say where the rows are: data (the text itself), url or file'
    : `${name} cannot be given beside ${given.filter((source) => source !== name).join(' and ')}: rows come from one place`;
}

/** Groups have columns of their own. */
export function ungroupedFault(
  name: string,
  { group_by, aggregate }: ProcessDataPayload,
): string | undefined {
  const isGrouped = Boolean(group_by?.length) || Boolean(aggregate?.length);
  return isGrouped
    ? `${name} cannot be given beside group_by and aggregate: they say which columns there are, and "as" what a figure is called`
    : undefined;
}

/** An artifact has a name and a format; a result has neither. */
export function outputFault(name: string, { output }: ProcessDataPayload): string | undefined {
  return output === 'artifact' ? undefined : `${name} is for output: artifact`;
}

/** @param most names, each of up to `longest` characters */
export function renameFault(value: unknown, most: number, longest: number): string | undefined {
  const isName = (name: unknown) =>
    typeof name === 'string' && name !== '' && name.length <= longest && name.isWellFormed();
  const isRenaming =
    isJsonObject(value) && Object.keys(value).length <= most && Object.values(value).every(isName);
  return isRenaming
    ? undefined
    : `rename must be an object of up to ${most} new names, such as {"amount": "price"}`;
}
