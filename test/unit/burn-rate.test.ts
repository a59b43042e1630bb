import { attainment, budgetLeft } from '../../src/queues/objectives/burn-rate.js';

const work = (starts: number, late: number) => ({ starts, late, ends: 0, runSeconds: 0 });

describe('the burn rate', () => {
  test('is 1 when as many jobs are late as may be', () => {
    const kept = attainment(work(100, 5), 0, 0.95);
    expect(kept).toMatchObject({ jobs: 100, late: 5, attained: 0.95 });
    expect(kept.burnRate).toBeCloseTo(1);
    expect(budgetLeft(kept)).toBeCloseTo(0);
  });

  test('is the inverse of the fraction that may be late when all are', () => {
    expect(attainment(work(7, 7), 0, 0.95).burnRate).toBeCloseTo(20);
  });

  test('counts jobs that wait and are late, also when none has started', () => {
    expect(attainment(undefined, 3, 0.9)).toEqual({
      jobs: 3,
      late: 3,
      attained: 0,
      burnRate: expect.closeTo(10),
    });
    expect(attainment(work(9, 0), 1, 0.9).burnRate).toBeCloseTo(1);
  });

  test('is 0 without jobs, and nobody can say how the objective was kept', () => {
    expect(attainment(undefined, 0, 0.95)).toEqual({ jobs: 0, late: 0, attained: null, burnRate: 0 });
    expect(budgetLeft(attainment(undefined, 0, 0.95))).toBe(1);
  });
});
