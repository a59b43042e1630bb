import type { Job } from '../../src/queue/index.js';
import { Quarantine } from '../../src/worker/quarantine.js';

const job = (interruptions: number) => ({ interruptions }) as Job;

describe("a worker's place for jobs that must run alone", () => {
  let woken: string[];
  let place: Quarantine;
  beforeEach(() => {
    woken = [];
    place = new Quarantine((queue) => woken.push(queue));
  });

  /** Claims and answers with how many jobs that must run alone the claim might have brought. */
  const claim = async (queue: string, ...brings: Job[]) => {
    let room = -1;
    await place.claim(queue, async (alone) => {
      room = alone;
      return brings;
    });
    return room;
  };

  test('is given to one job at a time, and who passed by meanwhile is woken when it is free', async () => {
    const suspect = job(2);
    expect(await claim('a', job(0))).toBe(1);
    expect(await claim('a', job(1), suspect)).toBe(1);
    expect(await claim('b')).toBe(0);
    place.leave(job(0));
    expect(await claim('b')).toBe(0);
    expect(woken).toEqual([]);
    place.leave(suspect);
    expect(woken).toEqual(['a', 'b']);
    expect(await claim('b')).toBe(1);
    place.leave(suspect);
    expect(woken).toEqual(['a', 'b']);
  });

  test('is promised to one claim at a time, and free again when that has failed or brought none', async () => {
    const answer = Promise.withResolvers<Job[]>();
    const first = place.claim('a', () => answer.promise);
    expect(await claim('b')).toBe(0);
    answer.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    expect(woken).toEqual(['b']);
    expect(await claim('b', job(0))).toBe(1);
    expect(await claim('b')).toBe(1);
  });
});
