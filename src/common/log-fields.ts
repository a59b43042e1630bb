import { AsyncLocalStorage } from 'node:async_hooks';
import { tracer } from './tracing.js';

/** What log lines say of the work in which they were written. */
export interface LogFields {
  readonly request_id?: string;
  readonly job_id?: string;
  readonly job_type?: string;
  readonly attempt?: number;
}

const fields = new AsyncLocalStorage<LogFields>();

/** Every line that is written in here, however late, has these fields beside those around it. */
export function withLogFields<T>(added: LogFields, work: () => T): T {
  return fields.run({ ...fields.getStore(), ...added }, work);
}

/** The fields of a line that is written here; in a trace also its ids. */
export function currentLogFields(): object {
  const traceparent = tracer()?.current();
  if (traceparent === undefined) return fields.getStore() ?? {};
  const [, traceId, spanId] = traceparent.split('-');
  return { ...fields.getStore(), trace_id: traceId, span_id: spanId };
}

/** The request that this belongs to, if any. */
export function currentRequestId(): string | undefined {
  return fields.getStore()?.request_id;
}
