import { Gate } from '../../src/common/index.js';

/** A piece of work that ends when the test says so. */
function work() {
  const { promise, resolve } = Promise.withResolvers<string>();
  let started = false;
  const run = () => {
    started = true;
    return promise;
  };
  return { run, ended: promise, end: () => resolve('done'), isStarted: () => started };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const { signal } = new AbortController();

describe('a gate', () => {
  test('lets as many through at a time as it has places, the others in their order', async () => {
    const gate = new Gate(2);
    const works = [work(), work(), work(), work()];
    const passes = works.map(({ run }) => gate.pass(signal, run));
    await turn();
    const started = () => works.map(({ isStarted }) => isStarted());
    expect(started()).toEqual([true, true, false, false]);
    works[1]!.end();
    await turn();
    expect(started()).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    expect(await Promise.all(passes)).toEqual(['done', 'done', 'done', 'done']);
  });

  test('hands a place over: who comes in that moment does not slip in beside the next in line', async () => {
    const gate = new Gate(1);
    const [first, second, third] = [work(), work(), work()];
    const passes = [gate.pass(signal, first.run), gate.pass(signal, second.run)];
    await turn();
    const slipping = first.ended.then(() => gate.pass(signal, third.run));
    first.end();
    await turn();
    expect([second.isStarted(), third.isStarted()]).toEqual([true, false]);
    second.end();
    third.end();
    expect(await Promise.all([...passes, slipping])).toEqual(['done', 'done', 'done']);
  });

  test('gives a place back when the work fails', async () => {
    const gate = new Gate(1);
    await expect(gate.pass(signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate.pass(signal, async () => 'yes')).toBe('yes');
  });

  test('lets whoever waits leave when its signal fires, and takes no place from the others', async () => {
    const gate = new Gate(1);
    const [first, left, last] = [work(), work(), work()];
    const aborting = new AbortController();
    const passing = gate.pass(signal, first.run);
    const leaving = gate.pass(aborting.signal, left.run);
    const waiting = gate.pass(signal, last.run);
    aborting.abort(new Error('time is over'));
    await expect(leaving).rejects.toThrow('time is over');
    await expect(gate.pass(aborting.signal, left.run)).rejects.toThrow('time is over');
    first.end();
    last.end();
    expect(await Promise.all([passing, waiting])).toEqual(['done', 'done']);
    expect(left.isStarted()).toBe(false);
  });
});
