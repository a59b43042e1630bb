/** What is known of a span beside its name; never a payload, an address with its query, or a message of an error. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export type SpanKind = 'internal' | 'server' | 'producer' | 'consumer';

/** How a span begins. */
export interface SpanStart {
  /** Default `internal`. */
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
  /** What it is a part of, as a W3C traceparent; null = it begins a trace. Default: what is under way here. */
  readonly parent?: string | null | undefined;
  /** Default: now. */
  readonly at?: Date;
}

/** How a span ends. */
export interface SpanEnd {
  /** The kind of error with which it failed. */
  readonly error?: string | undefined;
  /** Default: now. */
  readonly at?: Date;
}

/** A piece of work that takes time, as a part of a trace. */
export interface Span {
  /** Its name for other processes (W3C). */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  end(end?: SpanEnd): void;
  /** What begins in here is a part of it. */
  run<T>(work: () => T): T;
}

/** Whatever keeps traces. */
export interface Tracer {
  start(name: string, start?: SpanStart): Span;
  /** The span under way here, as a W3C traceparent. */
  current(): string | undefined;
  /** What begins in here is a part of a span of another process; of none when the traceparent is not one. */
  resume<T>(traceparent: string, work: () => T): T;
}

let installed: Tracer | undefined;

/** Traces from now on, or no more. */
export function installTracer(tracer: Tracer | undefined): void {
  installed = tracer;
}

/** Undefined unless somebody wants traces: nothing is measured then. */
export function tracer(): Tracer | undefined {
  return installed;
}

/** Does the work as a span, which ends with it. */
export async function traced<T>(
  name: string,
  start: SpanStart,
  work: (span?: Span) => Promise<T>,
): Promise<T> {
  const span = installed?.start(name, start);
  if (!span) return work();
  try {
    const result = await span.run(() => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end({ error: kindOf(error) });
    throw error;
  }
}

/** The code or the name of an error; its message may say what is nobody's business. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
