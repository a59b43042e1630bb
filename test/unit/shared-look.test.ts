import { jest } from '@jest/globals';
import { SharedLook } from '../../src/common/index.js';

describe('a shared look', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const slowly = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

  test('is one for all who ask while it is under way, and rests as it is told', async () => {
    let looks = 0;
    const look = new SharedLook(
      async () => {
        await slowly(1_000);
        return (looks += 1);
      },
      (tookMs) => 20 * tookMs,
    );
    const answers = Promise.all([look.read(), look.read()]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await answers).toEqual([1, 1]);
    await jest.advanceTimersByTimeAsync(19_000);
    expect(await look.read()).toBe(1);
    await jest.advanceTimersByTimeAsync(2_000);
    const next = look.read();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await next).toBe(2);
  });

  test('that failed rests for a few seconds, however long it took', async () => {
    let isWell = false;
    const look = new SharedLook(
      async () => {
        if (isWell) return 'well';
        await slowly(3_000);
        throw new Error('hung');
      },
      (tookMs) => 20 * tookMs,
    );
    const failed = expect(look.read()).rejects.toThrow('hung');
    await jest.advanceTimersByTimeAsync(3_000);
    await failed;
    isWell = true;
    await expect(look.read()).rejects.toThrow('hung');
    await jest.advanceTimersByTimeAsync(5_001);
    expect(await look.read()).toBe('well');
  });
});
