import { began } from './act.handler.js';
import type { Bench } from './bench.js';
import { scenarios } from './scenarios/index.js';

/** Plays every scenario on a queue: what holds in one must hold in all. */
export function conforms(queue: string, start: () => Promise<Bench>): void {
  describe(`${queue} conforms`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await start();
    });
    beforeEach(async () => {
      began.length = 0;
      await bench.clear();
    });
    afterAll(() => bench?.stop());

    test.each(Object.entries(scenarios))('%s', (_, play) => play(bench));
  });
}
