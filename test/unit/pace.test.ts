import { AHEAD_MS, Pace } from '../../src/worker/pace.js';

describe('the pace of a pool', () => {
  test('is how many short jobs end in the time that is claimed ahead', () => {
    const pace = new Pace(10);
    expect(pace.ahead(0)).toBe(0);
    for (let at = 0; at < 1_000; at += 1) pace.note(1, at);
    expect(pace.ahead(1_000)).toBeGreaterThanOrEqual(0.9 * AHEAD_MS);
    expect(pace.ahead(1_000)).toBeLessThanOrEqual(1.1 * AHEAD_MS);
  });

  test('fades when nothing ends any more', () => {
    const pace = new Pace(10);
    for (let at = 0; at < 1_000; at += 1) pace.note(1, at);
    expect(pace.ahead(1_000 + 3 * AHEAD_MS)).toBeLessThan(0.1 * AHEAD_MS);
    expect(pace.ahead(1_000 + 10 * AHEAD_MS)).toBe(0);
  });

  test('does not count long jobs: what would wait for those could run elsewhere', () => {
    const pace = new Pace(10);
    for (let at = 0; at < 1_000; at += 1) pace.note(AHEAD_MS + 1, at);
    expect(pace.ahead(1_000)).toBe(0);
  });

  test('has a limit', () => {
    const pace = new Pace(10);
    for (let count = 0; count < 100_000; count++) pace.note(0, count / 1_000);
    expect(pace.ahead(100)).toBe(1_000);
  });
});
