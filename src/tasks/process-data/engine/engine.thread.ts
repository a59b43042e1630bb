import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { DataError } from './data-error.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { runPlan } from './run-plan.js';

const READ_BYTES = 256 * 1024;

/** How often (ms) the thread says how far it has come. */
const TELL_EVERY_MS = 100;

const port = parentPort!;
const { plan, folder, fd } = workerData as ThreadData;

const inputs: (Uint8Array | null)[] = [];
let credit = 0;
let wake: () => void = () => undefined;
let toldAt = 0;

port.on('message', (message: ToThread) => {
  if (message.kind === 'input') inputs.push(message.bytes);
  else credit++;
  wake();
});

try {
  const outcome = await runPlan(plan, fd === undefined ? received() : readFrom(fd), {
    folder,
    send,
    onBegin: (format) => tell({ kind: 'began', format }),
    onRead: (bytes) => {
      const now = performance.now();
      if (now - toldAt < TELL_EVERY_MS) return;
      toldAt = now;
      tell({ kind: 'read', bytes });
    },
  });
  tell({ kind: 'done', outcome });
} catch (error) {
  if (!(error instanceof DataError)) throw error;
  tell({ kind: 'refused', message: error.message });
} finally {
  port.close();
}

function tell(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

/** Nobody else waits for this thread, so it may read as files are read soonest. */
function* readFrom(file: number): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  for (let position = 0; ;) {
    const read = readSync(file, buffer, 0, buffer.length, position);
    if (read === 0) return;
    position += read;
    yield buffer.subarray(0, read);
  }
}

async function* received(): AsyncGenerator<Uint8Array> {
  for (;;) {
    while (inputs.length === 0) await news();
    const bytes = inputs.shift();
    if (!bytes) return;
    yield bytes;
    tell({ kind: 'used' });
  }
}

async function send(chunk: Buffer): Promise<void> {
  while (credit === 0) await news();
  credit--;
  tell({ kind: 'rows', bytes: chunk }, [chunk.buffer as ArrayBuffer]);
}

function news(): Promise<void> {
  return new Promise((resolve) => (wake = resolve));
}
