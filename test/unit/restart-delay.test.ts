import { describe, expect, test } from '@jest/globals';
import { RestartDelay } from '../../src/launcher/restart-delay.js';

describe('the wait before a crashed child starts again', () => {
  test('doubles from half a second up to half a minute', () => {
    const delay = new RestartDelay();
    const waits = Array.from({ length: 9 }, () => delay.afterCrash(100));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('begins anew after the child was up for a minute', () => {
    const delay = new RestartDelay();
    delay.afterCrash(100);
    expect(delay.afterCrash(59_999)).toBe(1000);
    expect(delay.afterCrash(60_000)).toBe(500);
  });
});
