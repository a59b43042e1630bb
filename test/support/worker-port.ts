import { type AddressInfo, createServer } from 'node:net';
import { eventually } from './eventually.js';
import type { ProductProcess } from './product.js';

/** Variables that make a worker open its port, on one that is busy, so that it takes a free one. */
export async function busyMetricsPort(): Promise<{ port: number; free: () => void }> {
  const intruder = createServer();
  await new Promise<void>((listening) => intruder.listen(0, '127.0.0.1', listening));
  return { port: (intruder.address() as AddressInfo).port, free: () => intruder.close() };
}

/** Where a worker says that its health and metrics are. */
export async function portOf(worker: ProductProcess): Promise<string> {
  const [, url] = await eventually(() => worker.output().match(/metrics of this worker: (\S+)\/health/));
  return url!;
}
