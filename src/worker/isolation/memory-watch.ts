import { readFile } from 'node:fs/promises';

const LOOK_EVERY_MS = 250;

/** What Node.js and the application take beside the heap and its handlers' buffers. */
const BASE_MB = 192;

/**
 * Calls `onExcess` once when a process takes much more memory than its heap may: buffers and native memory are outside
 * of the heap that V8 limits. Where there is no /proc only the heap is limited.
 * @returns what ends the watch
 */
export function watchMemory(pid: number, memoryMb: number, onExcess: () => void): () => void {
  const timer = setInterval(() => {
    void residentMb(pid).then((resident) => {
      if (resident === undefined || resident <= memoryMb + BASE_MB) return;
      clearInterval(timer);
      onExcess();
    });
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

async function residentMb(pid: number): Promise<number | undefined> {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
