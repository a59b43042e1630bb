/** Stand-in until the worker exists; replaced by its owner. */
export async function startWorker(): Promise<void> {
  setInterval(() => undefined, 1000);
  process.send?.({ ready: 'worker' });
}
