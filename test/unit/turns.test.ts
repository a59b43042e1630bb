import { Turns } from '../../src/jobs/list/turns.js';

describe('turns', () => {
  test('let so many work at once, the others after them in the order they came', async () => {
    const turns = new Turns(2);
    const order: string[] = [];
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const all = gates.map(({ promise }, index) =>
      turns.take(1_000, async () => {
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
    const turns = new Turns(1);
    const gate = Promise.withResolvers<void>();
    const first = turns.take(1_000, () => gate.promise);
    expect(await turns.take(10, () => Promise.reject(new Error('not its turn')))).toBe(false);
    gate.resolve();
    expect(await first).toBe(true);
    expect(await turns.take(10, async () => undefined)).toBe(true);
  });

  test('go on after a failure', async () => {
    const turns = new Turns(1);
    await expect(turns.take(10, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turns.take(10, async () => undefined)).toBe(true);
  });
});
