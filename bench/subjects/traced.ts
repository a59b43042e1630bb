import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const RECEIVER = 'receiver';

/** Takes all traces there are and answers at once. */
function receive(): void {
  const server = createServer((request, response) => {
    request
      .resume()
      .once('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  });
  server.listen({ host: '127.0.0.1', port: 0 }, () =>
    process.send?.({ port: (server.address() as AddressInfo).port }),
  );
  process.once('disconnect', () => process.exit());
}

async function serve(): Promise<void> {
  const receiver = fork(fileURLToPath(import.meta.url), [RECEIVER]);
  const [{ port }] = (await once(receiver, 'message')) as [{ port: number }];
  receiver.unref();
  receiver.channel?.unref();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`;
  const { loadConfig } = await import('../../src/config/index.js');
  const { startTelemetry } = await import('../../src/telemetry/start-telemetry.js');
  await startTelemetry(loadConfig());
  await import('./roundhouse.js');
}

if (process.argv[2] === RECEIVER) receive();
else await serve();
