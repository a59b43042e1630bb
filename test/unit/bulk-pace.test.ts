import { setTimeout as pause } from 'node:timers/promises';
import { Pace } from '../../src/bulk-operations/pace.js';

/** What was changed by one step, and when (ms) it began. */
interface Step {
  readonly at: number;
  readonly jobs: number;
}

/** Some steps take longer than what they hold up is made up for. */
const SLOW_MS = 400;

/** The most that was changed within so many milliseconds, wherever they start. */
function mostWithin(ms: number, steps: readonly Step[]): number {
  const within = ({ at: from }: Step) => steps.filter(({ at }) => at >= from && at < from + ms);
  return Math.max(...steps.map((step) => within(step).reduce((sum, { jobs }) => sum + jobs, 0)));
}

describe('the pace of a bulk operation', () => {
  test.each([7, 50, 333])('of %d a second makes up for slow steps without a burst', async (perSecond) => {
    const pace = new Pace(perSecond);
    const steps: Step[] = [];
    const from = performance.now();
    while (performance.now() < from + 2_500) {
      const jobs = await pace.ready(new AbortController().signal);
      steps.push({ at: performance.now(), jobs });
      if (steps.length % 7 === 3) await pause(SLOW_MS);
      pace.stepEnded(jobs);
    }
    expect(mostWithin(1_000, steps)).toBeLessThanOrEqual(perSecond);
    // A quarter of a second's jobs are made up for, beside those of the time itself.
    expect(mostWithin(200, steps)).toBeLessThanOrEqual(Math.ceil(perSecond * 0.45) + 1);
    expect(steps.length).toBeGreaterThan(3);
  });
});
