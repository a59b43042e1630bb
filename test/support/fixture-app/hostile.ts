import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';
import { HOSTILE_ERRORS, HOSTILE_RESULTS } from './hostile-values.js';

/** Returns or throws, after a hostile word for its log and its progress, what the payload names. */
@JobHandler({
  type: 'hostile',
  description: 'Returns and throws what is hard to keep.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 1 },
})
export class HostileHandler {
  async run({ payload, log, progress }: JobContext<AnyPayload>): Promise<unknown> {
    const { result, error } = payload as { result?: string; error?: string };
    const hostile = new Proxy({}, { get: () => fail(), getPrototypeOf: () => fail() });
    log(hostile as string);
    log(Symbol('s') as unknown as 'info', hostile as string);
    progress(Symbol('s') as unknown as number, hostile as string);
    progress(1, hostile as string);
    if (error !== undefined) throw HOSTILE_ERRORS[error]!.make();
    return HOSTILE_RESULTS[result!]!.make();
  }
}

function fail(): never {
  throw new Error('Nobody may look at this');
}
