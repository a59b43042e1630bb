import { isMainThread } from 'node:worker_threads';

/** The longest waits of an event loop, in ms. */
export interface Gap {
  /** Between a timer's time and its call; on a busy machine also because others had the processor. */
  readonly gapMs: number;
  /** The longest it computed at a stretch, whatever else the machine does. */
  readonly busyMs: number;
}

const EVERY_MS = 1;
const US_PER_MS = 1_000;

/** Loaded into a process before everything else: answers each message `gap` with the longest waits since the last. */
if (isMainThread) {
  const busyMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / US_PER_MS;
  };
  let gap: Gap = { gapMs: 0, busyMs: 0 };
  let last = { at: performance.now(), busy: busyMs() };
  setInterval(() => {
    const now = { at: performance.now(), busy: busyMs() };
    gap = {
      gapMs: Math.max(gap.gapMs, now.at - last.at - EVERY_MS),
      busyMs: Math.max(gap.busyMs, now.busy - last.busy),
    };
    last = now;
  }, EVERY_MS).unref();
  process.on('message', (message) => {
    if (message !== 'gap') return;
    process.send?.(gap);
    gap = { gapMs: 0, busyMs: 0 };
  });
}
