import { TestKit } from '../../src/testing/index.js';
import { type JobContext, JobHandler } from '../../src/worker/index.js';

class AnyPayload {
  [name: string]: unknown;
}

/** Fails when it is told to; else returns how its parents ended. */
@JobHandler({
  type: 'look',
  description: 'Looks.',
  payload: AnyPayload,
  example: {},
  policy: { maxAttempts: 1 },
})
class LookHandler {
  async run({ payload, parents, workflow }: JobContext<AnyPayload>): Promise<unknown> {
    if (payload.fails) throw new Error('told to');
    const seen = (await parents()).map(({ status, result, onFailure }) => ({ status, result, onFailure }));
    return { seen, workflow: (await workflow()) ?? null };
  }
}

describe('in the test kit a job', () => {
  let kit: TestKit;
  beforeAll(async () => {
    kit = await TestKit.start({ providers: [LookHandler] });
  });
  beforeEach(() => kit.reset());
  afterAll(() => kit?.stop());

  test('goes on after a failure that it tolerates, and sees how its parents ended', async () => {
    const failed = await kit.enqueue({ type: 'look', payload: { fails: true } });
    const done = await kit.enqueue({ type: 'look', payload: {} });
    const dependsOn = [{ jobId: failed.id, onFailure: 'continue' as const }, done.id];
    const { id } = await kit.enqueue({ type: 'look', payload: {}, dependsOn });
    await kit.runUntilFinished();
    const result = { seen: [], workflow: null };
    expect(kit.job(id).result).toEqual({
      seen: [
        { status: 'FAILED', result: null, onFailure: 'continue' },
        { status: 'COMPLETED', result, onFailure: 'cancel' },
      ],
      workflow: null,
    });
  });

  test('comes back with the parent whose failure had cancelled it', async () => {
    const parent = await kit.enqueue({ type: 'look', payload: { fails: true } });
    const child = await kit.enqueue({ type: 'look', payload: {}, dependsOn: [parent.id] });
    await kit.runUntilFinished();
    expect(kit.job(child.id).status).toBe('CANCELLED');
    await kit.retry(parent.id);
    expect(kit.job(child.id).status).toBe('BLOCKED');
  });
});
