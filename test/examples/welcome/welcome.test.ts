import { jest } from '@jest/globals';
import { TestKit } from '../../../src/testing/index.js';
import { AskOpinionHandler, Mailer, WelcomeHandler } from './welcome.handler.js';

const send = jest.fn<Mailer['send']>();
const payload = { email: 'ada@example.org' };

let kit: TestKit;
beforeAll(async () => {
  kit = await TestKit.start({
    providers: [WelcomeHandler, AskOpinionHandler, { provide: Mailer, useValue: { send } }],
    now: '2030-01-01T00:00:00Z',
  });
});
beforeEach(() => {
  kit.reset();
  send.mockReset().mockResolvedValue('accepted');
});
afterAll(() => kit.stop());

test('a new user is welcomed, and asked for an opinion a week later', async () => {
  const job = await kit.enqueue({ type: 'welcome', payload });
  await kit.runUntilEmpty();
  expect(kit.job(job.id)).toMatchObject({
    status: 'COMPLETED',
    result: { sent: true },
    logs: [{ message: 'Welcomed ada@example.org' }],
  });
  const [question] = kit.expectEnqueued({ type: 'ask_opinion', payload }, 1);
  expect(question).toMatchObject({ status: 'PENDING', scheduledAt: new Date('2030-01-08T00:00:00Z') });

  await kit.advance({ days: 7 });
  await kit.runUntilEmpty();
  expect(send).toHaveBeenLastCalledWith('ada@example.org', 'How do you like it?');
});

test('while the mail server is down, it is tried again after 10 s and 20 s', async () => {
  send.mockRejectedValue(new Error('connect ECONNREFUSED'));
  const { id } = await kit.enqueue({ type: 'welcome', payload });
  await kit.runUntilEmpty();
  expect(kit.job(id)).toMatchObject({
    status: 'PENDING',
    attempts: 1,
    error: { message: 'connect ECONNREFUSED' },
  });
  expect(kit.job(id).scheduledAt).toEqual(new Date('2030-01-01T00:00:10Z'));

  await kit.advance({ seconds: 10 });
  send.mockResolvedValue('accepted');
  await kit.runUntilEmpty();
  expect(kit.job(id)).toMatchObject({ status: 'COMPLETED', attempts: 2, error: null });
});

test('after three attempts it is given up', async () => {
  send.mockRejectedValue(new Error('connect ECONNREFUSED'));
  const { id } = await kit.enqueue({ type: 'welcome', payload });
  await kit.runUntilFinished();
  expect(kit.job(id)).toMatchObject({ status: 'FAILED', attempts: 3 });
  expect(kit.now).toEqual(new Date('2030-01-01T00:00:30Z'));
  kit.expectEnqueued({ type: 'ask_opinion' }, 0);
});

test('an address that is not there is not tried again', async () => {
  send.mockResolvedValue('no such mailbox');
  const { id } = await kit.enqueue({ type: 'welcome', payload });
  await kit.runUntilEmpty();
  expect(kit.job(id)).toMatchObject({ status: 'FAILED', attempts: 1, error: { name: 'PermanentFailure' } });
});

test('nobody is welcomed twice, or without an address', async () => {
  const first = await kit.enqueue({ type: 'welcome', payload });
  const second = await kit.enqueue({ type: 'welcome', payload });
  expect(second.id).toBe(first.id);
  await expect(kit.enqueue({ type: 'welcome', payload: { mail: 'ada@example.org' } })).rejects.toThrow(
    'There is no field "mail". Did you mean "email"?',
  );
});

test('a mail server that does not answer costs one attempt of 30 s', async () => {
  send.mockReturnValueOnce(new Promise(() => undefined));
  const { id } = await kit.enqueue({ type: 'welcome', payload });
  const running = kit.runUntilEmpty(); // not awaited: the handler hangs
  await kit.advance({ seconds: 35 }); // its time, and 5 s for a handler that ignores its signal
  await running;
  expect(kit.job(id)).toMatchObject({ status: 'PENDING', attempts: 1, error: { name: 'TimeoutError' } });
});
