import { Injectable } from '@nestjs/common';
import { Text } from '../../../src/common/http/index.js';
import { type JobContext, JobHandler, PermanentFailure } from '../../../src/worker/index.js';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** Sends mail; the real one speaks to a server. */
@Injectable()
export class Mailer {
  send(to: string, subject: string): Promise<'accepted' | 'no such mailbox'> {
    throw new Error(`There is no mail server to send "${subject}" to ${to}`);
  }
}

/** Who has signed up. */
export class WelcomePayload {
  @Text({
    description: 'The address of the new user.',
    minLength: 3,
    maxLength: 254,
    example: 'ada@example.org',
  })
  email: string;
}

/** Welcomes a new user, and asks for an opinion a week later. */
@JobHandler({
  type: 'welcome',
  description: 'Sends a new user a first message.',
  payload: WelcomePayload,
  example: { email: 'ada@example.org' },
  policy: {
    maxAttempts: 3,
    backoff: { strategy: 'exponential', baseDelay: 10, maxDelay: 60, jitter: 0.1 },
    timeoutSeconds: 30,
  },
  unique: { by: ['type', 'payload'], while: 'unfinished', onConflict: 'return' },
})
export class WelcomeHandler {
  constructor(private readonly mailer: Mailer) {}

  async run(job: JobContext<WelcomePayload>): Promise<{ sent: boolean }> {
    const { email } = job.payload;
    if ((await this.mailer.send(email, 'Welcome')) !== 'accepted')
      throw new PermanentFailure('No such mailbox');
    job.log(`Welcomed ${email}`);
    await job.enqueue({ type: 'ask_opinion', payload: { email }, delayMs: WEEK_MS });
    return { sent: true };
  }
}

/** Asks what somebody thinks. */
@JobHandler({
  type: 'ask_opinion',
  description: 'Asks a user for an opinion.',
  payload: WelcomePayload,
  example: { email: 'ada@example.org' },
})
export class AskOpinionHandler {
  constructor(private readonly mailer: Mailer) {}

  async run({ payload }: JobContext<WelcomePayload>): Promise<void> {
    await this.mailer.send(payload.email, 'How do you like it?');
  }
}
