import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

class Unavailable extends Error {}

/** Asks the server of the payload's `url`, which counts as down after three failures in a row. */
@JobHandler({
  type: 'call',
  aliases: ['call_out'],
  description: 'Calls.',
  payload: AnyPayload,
  example: {},
  policy: { backoff: { strategy: 'constant', delay: 0, jitter: 0 } },
  circuit: { failures: 3, coolDownSeconds: 0.3, countOn: [Unavailable] },
})
export class CallHandler {
  async run({ payload, signal }: JobContext<AnyPayload>): Promise<number> {
    const { status } = await fetch(String(payload.url), { signal });
    if (status >= 500) throw new Unavailable(`answered ${status}`);
    if (status >= 400) throw new RangeError(`answered ${status}`);
    return status;
  }
}
