import { DatabaseClock, IdGenerator, firstIdAt, isUuid } from '../../src/common/index.js';

const timeOf = (id: string) => parseInt(id.replace('-', '').slice(0, 12), 16);

describe('an id', () => {
  const time = Date.UTC(2031, 4, 5);
  const clock = new DatabaseClock();
  let ids: IdGenerator;
  beforeEach(() => {
    clock.set(new Date(time));
    ids = new IdGenerator(clock);
  });

  test('is a UUIDv7 of the database’s time, whatever this machine’s clock says', () => {
    const id = ids.next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOf(id) - time).toBeLessThan(1_000);
    expect(timeOf(id)).toBeGreaterThanOrEqual(time);
  });

  test('is greater than every one before it, also within a millisecond and when the clock steps back a little', () => {
    const made = Array.from({ length: 10_000 }, () => ids.next());
    clock.set(new Date(time - 5_000));
    made.push(...Array.from({ length: 1_000 }, () => ids.next()));
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
  });

  test('follows a clock that was set back for good', () => {
    ids.next();
    clock.set(new Date(time - 3_600_000));
    expect(timeOf(ids.next())).toBeLessThan(time - 3_500_000);
  });

  test('is not less than the first id of its moment, nor than that of any before', () => {
    const id = ids.next();
    expect(firstIdAt(new Date(timeOf(id))) <= id).toBe(true);
    expect(firstIdAt(new Date(timeOf(id) + 1)) > id).toBe(true);
    expect(isUuid(firstIdAt(new Date(0)))).toBe(true);
    expect(firstIdAt(new Date(-1))).toBe(firstIdAt(new Date(0)));
  });

  test.each([
    '',
    'x',
    '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a5',
    '01939c5e7a707f3e8f0c2b6f3c1d9a55',
    '0'.repeat(36),
  ])('is not "%s"', (text) => expect(isUuid(text)).toBe(false));
});

describe('the database’s clock', () => {
  test('goes on by itself and does not follow those who set this machine’s clock', () => {
    const clock = new DatabaseClock();
    clock.set(new Date(1_000_000));
    const real = Date.now;
    Date.now = () => real() + 7_200_000;
    try {
      expect(clock.now() - 1_000_000).toBeLessThan(1_000);
      expect(clock.now()).toBeGreaterThanOrEqual(1_000_000);
    } finally {
      Date.now = real;
    }
  });
});
