import { createHash } from 'node:crypto';
import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

/** Returns its payload, and proves that it got the card itself; fails, or returns too much, when it is to. */
@JobHandler({
  type: 'keep_back',
  aliases: ['keep_secret'],
  description: 'Keeps parts of its payload and result back.',
  payload: AnyPayload,
  example: {},
  redact: ['/card', '/customer/iban', '/rows/*/pin'],
  policy: { maxAttempts: 1 },
  summary: ({ card }) => `The card is ${String(card)}.`,
})
export class KeepBackHandler {
  async run({ payload }: JobContext<AnyPayload>): Promise<object> {
    if (payload.fail) throw new Error('The bank is closed');
    const digest = createHash('sha256').update(String(payload.card)).digest('hex');
    return { ...payload, digest, rest: 'x'.repeat(Number(payload.more ?? 0)) };
  }
}
