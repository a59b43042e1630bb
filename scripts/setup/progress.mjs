const NOTICE_EVERY_MS = 10_000;

/**
 * Shows that something takes time: in a terminal as one line that counts the seconds, elsewhere as a line
 * at the start, one every ten seconds, and one at the end.
 * @template T
 * @param {string} label for example `Installing dependencies`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showProgress(label, work) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const isTerminal = process.stdout.isTTY === true;
  const draw = () => process.stdout.write(`\r${label} … ${seconds().toFixed(0)} s `);
  const write = () => process.stdout.write(`${label} … ${seconds().toFixed(0)} s\n`);
  process.stdout.write(isTerminal ? `${label} …` : `${label} …\n`);
  const timer = isTerminal ? setInterval(draw, 1000) : setInterval(write, NOTICE_EVERY_MS);
  try {
    const result = await work();
    process.stdout.write(`${isTerminal ? '\r' : ''}${label} … done in ${seconds().toFixed(1)} s\n`);
    return result;
  } catch (error) {
    if (isTerminal) process.stdout.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
