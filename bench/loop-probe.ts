import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** Loaded into a process before everything else: answers each message `gap` with the longest wait of its event loop (ms) since the last. */
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', (message) => {
    if (message !== 'gap') return;
    process.send?.({ gap: delay.max / 1e6 });
    delay.reset();
  });
}
