import type { Config } from '../config/index.js';

/** How long (ms) a process that ends may take to send what it has gathered. */
const LAST_WORDS_MS = 2_000;

const stops: (() => Promise<void>)[] = [];

/** Loads what sends traces and faults to others, where somebody wants that; nothing of it is loaded otherwise. */
export async function startTelemetry({ telemetry, role, processId }: Config): Promise<void> {
  const { otlpEndpoint, sentryDsn } = telemetry;
  if (otlpEndpoint !== undefined) {
    const { startTracing } = await import('./tracing/start-tracing.js');
    stops.push(startTracing(otlpEndpoint, { role, processId }));
  }
  if (sentryDsn !== undefined) {
    const { startSentry } = await import('./sentry/start-sentry.js');
    stops.push(startSentry(sentryDsn, { role, processId }));
  }
}

/** Sends what is left, as far as that is possible in a moment. Never rejects. */
export async function stopTelemetry(): Promise<void> {
  if (stops.length === 0) return;
  const stopped = Promise.allSettled(stops.splice(0).map((stop) => stop()));
  await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())]);
}
