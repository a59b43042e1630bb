import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { version } from '../../common/index.js';
import { installTracer } from '../../common/tracing.js';
import type { ProcessIdentity } from '../process-identity.js';
import { CandidExporter } from './candid-exporter.js';
import { OtelTracer } from './otel-tracer.js';

/** How long (ms) ended spans are gathered. */
const SEND_AFTER_MS = 1_000;

/** Spans that wait to be sent; more are lost rather than kept. */
const LARGEST_BACKLOG = 16_384;

const LARGEST_BATCH = 2_048;

/**
 * Sends traces to a collector.
 * @param endpoint the address of its OTLP over HTTP, without `/v1/traces`
 * @returns what sends the last ones
 */
export function startTracing(endpoint: string, { role, processId }: ProcessIdentity): () => Promise<void> {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': `roundhouse-${role}`,
          'service.namespace': 'roundhouse',
          'service.version': version,
          'service.instance.id': processId,
          'process.pid': process.pid,
        }),
      )
      // What the operator says of it in OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES wins.
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new CandidExporter(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), endpoint),
        scheduledDelayMillis: SEND_AFTER_MS,
        maxQueueSize: LARGEST_BACKLOG,
        maxExportBatchSize: LARGEST_BATCH,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  followOutgoingRequests();
  installTracer(new OtelTracer(provider.getTracer('roundhouse', version)));
  return () => provider.shutdown();
}

/** Requests that handlers make, by `fetch` or undici; those of the process's own are nobody's. */
function followOutgoingRequests(): void {
  new UndiciInstrumentation({
    requireParentforSpans: true,
    // Paths and queries hold keys: many webhooks are nothing but a secret address.
    startSpanHook: ({ origin }) => ({
      'url.full': origin,
      'url.path': undefined,
      'url.query': undefined,
    }),
  });
}
