import {
  type Context,
  type Span as OtelSpan,
  type Tracer as OtelApiTracer,
  ROOT_CONTEXT,
  SpanKind as OtelKind,
  SpanStatusCode,
  context,
  defaultTextMapGetter,
  propagation,
  trace,
} from '@opentelemetry/api';
import type { Span, SpanAttributes, SpanEnd, SpanKind, SpanStart, Tracer } from '../../common/tracing.js';

const KINDS: Readonly<Record<SpanKind, OtelKind>> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};

/** Keeps traces by OpenTelemetry. */
export class OtelTracer implements Tracer {
  constructor(private readonly tracer: OtelApiTracer) {}

  start(name: string, { kind = 'internal', attributes = {}, parent, at }: SpanStart = {}): Span {
    const around = parent === undefined ? context.active() : contextOf(parent);
    const options = { kind: KINDS[kind], attributes, ...(at ? { startTime: at } : {}) };
    const span = this.tracer.startSpan(name, options, around);
    return new StartedSpan(span, trace.setSpan(around, span));
  }

  current(): string | undefined {
    return traceparentOf(context.active());
  }

  resume<T>(traceparent: string, work: () => T): T {
    return context.with(contextOf(traceparent), work);
  }
}

class StartedSpan implements Span {
  constructor(
    private readonly span: OtelSpan,
    private readonly inside: Context,
  ) {}

  get traceparent(): string {
    return traceparentOf(this.inside) ?? '';
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  end({ error, at }: SpanEnd = {}): void {
    if (error !== undefined) {
      this.span.setAttribute('error.type', error);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end(at);
  }

  run<T>(work: () => T): T {
    return context.with(this.inside, work);
  }
}

function contextOf(traceparent: string | null): Context {
  if (traceparent === null) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
}

function traceparentOf(around: Context): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(around, carrier);
  return carrier.traceparent;
}
