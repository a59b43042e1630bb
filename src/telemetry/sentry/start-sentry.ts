import {
  type BaseTransportOptions,
  type ErrorEvent,
  Scope,
  createStackParser,
  createTransport,
} from '@sentry/core';
import { ServerRuntimeClient, nodeStackLineParser } from '@sentry/core/server';
import { Logger } from '@nestjs/common';
import { kindOf, version, withoutSecrets } from '../../common/index.js';
import { type FaultDetails, installFaultReporter } from '../../common/fault-reports.js';
import type { ProcessIdentity } from '../process-identity.js';

/** How long (ms) a report may take. */
const TIMEOUT_MS = 5_000;

const LAST_WORDS_MS = 1_500;

let hasFailed = false;

/**
 * Sends faults to Sentry: the errors themselves and where they happened, nothing of requests or payloads.
 * @returns what sends the last ones
 */
export function startSentry(dsn: string, { role, processId }: ProcessIdentity): () => Promise<void> {
  const client = new ServerRuntimeClient({
    dsn,
    release: `roundhouse@${version}`,
    serverName: processId,
    platform: 'node',
    runtime: { name: 'node', version: process.version },
    stackParser: createStackParser(nodeStackLineParser()),
    // None reads requests, consoles or files.
    integrations: [],
    transport: sendByFetch,
    sendClientReports: false,
    beforeSend: withoutItsSecrets,
  });
  client.init();
  installFaultReporter((error, details) => {
    client.captureException(error, {}, scopeOf({ role, ...details }));
  });
  return async () => {
    await client.close(LAST_WORDS_MS);
  };
}

/** Handlers word their errors themselves, and quote what they have been told. */
function withoutItsSecrets(event: ErrorEvent): ErrorEvent {
  for (const exception of event.exception?.values ?? [])
    if (exception.value !== undefined) exception.value = withoutSecrets(exception.value);
  return event;
}

function scopeOf(details: FaultDetails): Scope {
  const scope = new Scope();
  scope.setTags(details);
  return scope;
}

/** Says it when reports do not arrive: once, since each fault would bring another line. */
function noteFailure(error: unknown): never {
  if (!hasFailed)
    new Logger('Sentry').warn(`Faults cannot be reported (${kindOf(error)}): is SENTRY_DSN right?`);
  hasFailed = true;
  throw error;
}

function sendByFetch({ url, headers = {}, ...options }: BaseTransportOptions) {
  return createTransport(options, async ({ body }) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const request = { method: 'POST', headers, body: Buffer.from(body as Uint8Array), signal };
    const response = await fetch(url, request).catch(noteFailure);
    await response.arrayBuffer();
    return {
      statusCode: response.status,
      headers: {
        'x-sentry-rate-limits': response.headers.get('x-sentry-rate-limits'),
        'retry-after': response.headers.get('retry-after'),
      },
    };
  });
}
