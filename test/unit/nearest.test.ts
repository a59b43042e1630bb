import { nearest } from '../../src/common/nearest.js';

describe('the known word that was probably meant', () => {
  test('is one of which no more than a third differs, and of short ones no more than two letters', () => {
    expect(nearest('invoces', ['invoices', 'mails'])).toBe('invoices');
    expect(nearest('ecko', ['echo', 'task'])).toBe('echo');
    expect(nearest('a', ['abc', 'xyzuv'])).toBe('abc');
    expect(nearest('reports', ['invoices', 'mails'])).toBeUndefined();
    expect(nearest('any', [])).toBeUndefined();
  });

  test('is not looked for where the length alone says that there is none', () => {
    const known = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(100, 'x'));
    const startedAt = performance.now();
    expect(nearest('y'.repeat(1_000_000), known)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
