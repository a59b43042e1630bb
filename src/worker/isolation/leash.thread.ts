import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

// The other end is held by the worker; this thread does nothing but feel whether it still pulls.
const { fd, silenceMs } = workerData as { fd: number; silenceMs: number };
new Socket({ fd, readable: true, writable: false })
  .setTimeout(silenceMs, die)
  .on('end', die)
  .on('error', die)
  .resume();

/** With all that the handler has started. */
function die(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}
