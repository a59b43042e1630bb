import type { Condition, FilterValue, Plan } from './engine/plan.js';
import type { ProcessDataPayload } from './process-data.payload.js';
import { type SourceKind, kindOfName } from './source.js';

/** The plan of a payload, with its defaults and what the source says of itself. */
export function planOf(payload: ProcessDataPayload, kind: SourceKind): Plan {
  const { filter = [], aggregate = [], sort = [] } = payload;
  return {
    format: payload.format ?? kind.format,
    delimiter: payload.delimiter ?? kind.delimiter ?? ',',
    header: payload.header ?? true,
    onError: payload.on_error ?? 'fail',
    filter: filter.map(({ field, op, value }): Condition => ({
      field,
      op,
      value: op === 'exists' ? value !== false : (value as FilterValue),
    })),
    select: payload.select,
    rename: payload.rename ?? {},
    groupBy: payload.group_by ?? [],
    aggregate: aggregate.map(({ op, field, as }) => ({
      op,
      field,
      as: as ?? (field ? `${op}_${field}` : op),
    })),
    sort: sort.map(({ field, order = 'asc' }) => ({ field, order })),
    limit: payload.limit,
    output:
      payload.output === 'artifact'
        ? { kind: 'file', format: payload.output_format ?? kindOfName(payload.name ?? '').format }
        : { kind: 'inline' },
  };
}
