import { recounted } from '../../src/queue/workflows/recount.js';

const NONE = { open: 0, failed: 0, cancelled: 0, completed: 0 };

describe('a workflow that has counted its jobs wrong counts', () => {
  test.each([
    [
      'what somebody ended',
      { jobs: 3, open: 3, failed: 0, cancelled: 0 },
      { ...NONE, open: 1, failed: 1, completed: 1 },
      { open: 1, failed: 1, cancelled: 0 },
    ],
    [
      'what somebody lets run again',
      { jobs: 3, open: 0, failed: 2, cancelled: 1 },
      { ...NONE, open: 2, failed: 1 },
      { open: 2, failed: 1, cancelled: 0 },
    ],
    [
      'what somebody deleted before its end, as cancelled',
      { jobs: 3, open: 2, failed: 0, cancelled: 0 },
      { ...NONE, open: 0, completed: 1 },
      { open: 0, failed: 0, cancelled: 2 },
    ],
    [
      'what retention deleted after its end, as it ended',
      { jobs: 5, open: 1, failed: 2, cancelled: 1 },
      { ...NONE, open: 0 },
      { open: 0, failed: 2, cancelled: 2 },
    ],
    [
      'completed jobs that run again',
      { jobs: 2, open: 0, failed: 0, cancelled: 0 },
      { ...NONE, open: 1, completed: 1 },
      { open: 1, failed: 0, cancelled: 0 },
    ],
  ])('%s', (_, counted, present, expected) => {
    expect(recounted(counted, present)).toEqual(expected);
  });
});
