import { setTimeout as pause } from 'node:timers/promises';
import { BULK_ACTIONS } from '../../src/bulk-operations/bulk-action.js';
import { isEmpty, resolveFilter } from '../../src/bulk-operations/job-filter.js';
import { Pace } from '../../src/bulk-operations/pace.js';
import { tallyOf } from '../../src/bulk-operations/tally.js';

describe('the pace of a bulk operation', () => {
  const { signal } = new AbortController();

  /** When how many jobs were changed, each time as late as a step that takes `stepMs` allows. */
  const runFor = async (ms: number, perSecond: number, stepMs: () => number) => {
    const pace = new Pace(perSecond);
    const changes: { at: number; jobs: number }[] = [];
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const jobs = await pace.ready(signal);
      const started = performance.now();
      await pause(stepMs());
      // Somewhere between the start and the end of the step.
      changes.push({ at: started + Math.random() * (performance.now() - started), jobs });
      pace.stepEnded(jobs);
    }
    return changes;
  };
  const mostWithin = (ms: number, changes: { at: number; jobs: number }[]) =>
    Math.max(
      ...changes.map(({ at: start }) =>
        changes.filter(({ at }) => at >= start && at < start + ms).reduce((sum, { jobs }) => sum + jobs, 0),
      ),
    );

  test.concurrent.each([
    [7, () => 0],
    [25, () => 30],
    [99.9, () => 90],
    [500, () => 20],
    [1_000, () => 200 * Math.random()],
  ])('of %d a second is never above, and not much below', async (perSecond, stepMs) => {
    const changes = await runFor(2_500, perSecond, stepMs);
    expect(mostWithin(1_000, changes)).toBeLessThanOrEqual(perSecond);
    const total = changes.reduce((sum, { jobs }) => sum + jobs, 0);
    expect(total / 2.5).toBeGreaterThan(perSecond * 0.4);
  });

  test('of less than one a second is one in that time', async () => {
    const pace = new Pace(5 / 6);
    expect(await pace.ready(signal)).toBe(1);
    const ended = performance.now();
    pace.stepEnded(1);
    expect(await pace.ready(signal)).toBe(1);
    expect(performance.now() - ended).toBeGreaterThanOrEqual(1_200);
  });

  test('is as fast as possible without a rate', async () => {
    const pace = new Pace(null, 60_000);
    for (let step = 0; step < 3; step++) {
      expect(await pace.ready(signal)).toBe(100);
      pace.stepEnded(100);
    }
  });

  test('ends at a signal, before and during a wait', async () => {
    const pace = new Pace(1, 60_000);
    const stop = new AbortController();
    const waiting = pace.ready(stop.signal);
    const reason = new Error('stop');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(new Pace(null).ready(stop.signal)).rejects.toBe(reason);
  });
});

describe('the filter of a bulk operation', () => {
  const fault = (action: (typeof BULK_ACTIONS)[number], filter: object) => {
    try {
      resolveFilter(action, filter);
    } catch (error) {
      return (error as { options: { faults: unknown[] } }).options.faults[0];
    }
    return undefined;
  };

  test('means the statuses an action is usually for', () => {
    const statuses = BULK_ACTIONS.map((action) => resolveFilter(action, { type: 'echo' }).status);
    expect(statuses).toEqual([
      ['BLOCKED', 'PENDING', 'PROCESSING'],
      ['FAILED'],
      ['PENDING'],
      ['FAILED', 'CANCELLED'],
    ]);
  });

  test('means every status that is possible when it names its jobs', () => {
    const id = '01939C5E-7A70-7F3E-8F0C-2B6F3C1D9A55';
    expect(resolveFilter('retry', { job_ids: [id] })).toEqual({
      status: ['FAILED', 'CANCELLED'],
      job_ids: [id.toLowerCase()],
    });
  });

  test('takes any word for a status, once, and times with or without a zone', () => {
    expect(
      resolveFilter('cancel', {
        status: ['queued', 'WAITING', 'doing'],
        created_after: '2030-01-01T00:00:00',
      }),
    ).toEqual({
      status: ['PENDING', 'PROCESSING'],
      created_after: '2030-01-01T00:00:00.000Z',
    });
  });

  test('means FAILED jobs where it names what only they have', () => {
    expect(resolveFilter('discard', { fingerprint: 'x' }).status).toEqual(['FAILED']);
    expect(resolveFilter('retry', { failed_before: '2030-01-01T00:00:00Z', job_ids: ['x'] }).status).toEqual([
      'FAILED',
    ]);
  });

  test.each([
    [
      'cancel',
      { status: 'done' },
      '/filter/status',
      'cancel is possible for jobs that are BLOCKED, PENDING, PROCESSING, not COMPLETED ones',
    ],
    [
      'retry',
      { status: ['FAILED', 'PENDING'] },
      '/filter/status',
      'retry is possible for jobs that are FAILED, CANCELLED, not PENDING ones',
    ],
    [
      'run_now',
      { status: 'BLOCKED' },
      '/filter/status',
      'run_now is possible for jobs that are PENDING, not BLOCKED ones',
    ],
    [
      'discard',
      { status: 'running' },
      '/filter/status',
      'discard is possible for jobs that are COMPLETED, FAILED, CANCELLED, not PROCESSING ones',
    ],
    [
      'cancel',
      { fingerprint: 'x' },
      '/filter/fingerprint',
      'cancel is possible for jobs that are BLOCKED, PENDING, PROCESSING, and only FAILED ones have a fingerprint',
    ],
    [
      'retry',
      { status: 'CANCELLED', failed_after: '2030-01-01T00:00:00Z' },
      '/filter/failed_after',
      'retry is possible for jobs that are FAILED, CANCELLED, and only FAILED ones have a failed_after',
    ],
  ] as const)('is refused for %s when it is %j', (action, filter, pointer, detail) => {
    expect(fault(action, filter)).toEqual({ pointer, detail, code: 'does_not_fit_action' });
  });

  test('is empty without a field', () => {
    expect([isEmpty({}), isEmpty({ status: undefined }), isEmpty({ tag: 'x' })]).toEqual([true, true, false]);
  });
});

describe('the tally of a chunk', () => {
  test('tells the done, the overtaken and the failed apart, and why', () => {
    const before = { job_state_conflict: { count: 2, detail: 'first' } };
    const tally = tallyOf(
      [
        { id: '1', result: 'done' },
        { id: '2', result: 'requested' },
        { id: '3', result: 'conflict', code: 'job_state_conflict', detail: 'later' },
        { id: '4', result: 'not_found' },
        { id: '5', result: 'conflict', code: 'job_already_exists', detail: 'taken' },
        { id: '6', result: 'failed', code: 'internal_error', detail: 'broken' },
      ],
      before,
    );
    expect(tally).toEqual({
      done: 2,
      skipped: 2,
      failed: 2,
      reasons: {
        job_state_conflict: { count: 3, detail: 'first' },
        job_not_found: { count: 1, detail: '' },
        job_already_exists: { count: 1, detail: 'taken' },
        internal_error: { count: 1, detail: 'broken' },
      },
    });
  });
});
