import { Gate } from '../../src/common/index.js';

/** Whether the turn to work came within this time (ms). */
async function inTime(gate: Gate, withinMs: number, work: () => Promise<void>): Promise<boolean> {
  try {
    await gate.pass(AbortSignal.timeout(withinMs), work);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return false;
    throw error;
  }
}

describe('turns at a gate', () => {
  test('let so many work at once, the others after them in the order they came', async () => {
    const turns = new Gate(2);
    const order: string[] = [];
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const all = gates.map(({ promise }, index) =>
      inTime(turns, 1_000, async () => {
        order.push(`begin ${index}`);
        await promise;
        order.push(`end ${index}`);
      }),
    );
    await new Promise(setImmediate);
    expect(order).toEqual(['begin 0', 'begin 1']);
    for (const { resolve } of gates) {
      resolve();
      await new Promise(setImmediate);
    }
    expect(await Promise.all(all)).toEqual([true, true, true, true]);
    expect(order).toEqual([
      ...['begin 0', 'begin 1', 'end 0', 'begin 2', 'end 1', 'begin 3', 'end 2', 'end 3'],
    ]);
  });

  test('do not come for ever: who has waited too long goes without', async () => {
    const turns = new Gate(1);
    const gate = Promise.withResolvers<void>();
    const first = inTime(turns, 1_000, () => gate.promise);
    expect(await inTime(turns, 10, () => Promise.reject(new Error('not its turn')))).toBe(false);
    gate.resolve();
    expect(await first).toBe(true);
    expect(await inTime(turns, 10, async () => undefined)).toBe(true);
  });

  test('go on after a failure', async () => {
    const turns = new Gate(1);
    await expect(inTime(turns, 10, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await inTime(turns, 10, async () => undefined)).toBe(true);
  });
});
