import { CronTime } from 'cron';
import { slotId } from '../../src/common/index.js';
import { cronExpression, latestSlot, nearestSlot, slotBefore } from '../../src/periodic/slots.js';

const SLOT = Date.UTC(2026, 1, 1, 14, 30);

describe('the id of a slot', () => {
  test('is the same in every process and at every time', () => {
    expect(slotId('health_check_task', SLOT)).toBe(slotId('health_check_task', SLOT));
  });

  test('differs from slot to slot and from name to name', () => {
    const ids = ['a', 'b'].flatMap((name) =>
      Array.from({ length: 1000 }, (_, minute) => slotId(name, SLOT + minute * 60_000)),
    );
    expect(new Set(ids).size).toBe(2000);
  });

  test('is a UUIDv7 that begins with the time of the slot', () => {
    for (let minute = 0; minute < 1000; minute++) {
      const slot = SLOT + minute * 60_000;
      const id = slotId('health_check_task', slot);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(slot);
    }
  });
});

describe('a slot', () => {
  const job = { type: 'any', everyMinutes: 2 };

  test.each([-59_999, -1_000, -1, 0, 1, 1_000, 59_999])('belongs to a firing %i ms off', (ms) => {
    expect(nearestSlot(job, SLOT + ms)).toBe(SLOT);
  });

  test('has come once its time has, and not a millisecond before', () => {
    expect(latestSlot(job, SLOT)).toBe(SLOT);
    expect(latestSlot(job, SLOT - 1)).toBe(slotBefore(job, SLOT));
    expect(slotBefore(job, SLOT)).toBe(SLOT - 120_000);
  });

  test.each([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60])(
    'is when cron fires every %i minutes, in UTC',
    (everyMinutes) => {
      const every = { type: 'any', everyMinutes };
      const time = new CronTime(cronExpression(every), 'UTC');
      let slot = latestSlot(every, SLOT - 1);
      for (let count = 0; count < 30; count++) {
        const next = time.getNextDateFrom(new Date(slot), 'UTC').toMillis();
        expect(slotBefore(every, next)).toBe(slot);
        expect(nearestSlot(every, next)).toBe(next);
        slot = next;
      }
    },
  );
});
