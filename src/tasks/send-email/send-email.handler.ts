import { Inject } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import type { Mailbox } from '../../common/index.js';
import { type JobContext, JobHandler, PermanentFailure } from '../../worker/index.js';
import type { MailAttachment } from './mail-attachment.js';
import { mailbox, messageOf } from './mail-message.js';
import { MailServerUnreachableError } from './mail.errors.js';
import { type Delivery, Mailer } from './mailer.js';
import { openAttachments } from './open-attachments.js';
import { SendEmailPayload } from './send-email.payload.js';

/** What became of a mail, as the job's result. */
interface SentEmail extends Delivery {
  readonly message_id: string;
}

/** Sends a mail. */
@JobHandler({
  type: 'send_email',
  description: 'Sends a mail through the server at SMTP_URL.',
  jobsRead: ({ attachments }) => jobsIn(attachments),
  payload: SendEmailPayload,
  example: {
    to: ['Ada Lovelace <ada@example.org>'],
    subject: 'Your report',
    text: 'It is attached.',
    attachments: [{ filename: 'report.csv', content: 'month,total\n2026-02,42\n' }],
  },
  circuit: { failures: 5, coolDownSeconds: 30, countOn: [MailServerUnreachableError] },
})
export class SendEmailHandler {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly mailer: Mailer,
  ) {}

  async run(job: JobContext<SendEmailPayload>): Promise<SentEmail> {
    const { payload } = job;
    const message = messageOf(job.jobId, this.senderOf(payload), payload);
    const { attachments, close } = await openAttachments(payload.attachments ?? [], job.artifacts);
    try {
      const { accepted, rejected } = await this.mailer.send({ ...message, attachments }, job.signal);
      for (const { address, reply } of rejected)
        job.log('warn', `The mail server refuses the recipient ${address}: ${reply}`);
      return { message_id: message.messageId, accepted, rejected };
    } finally {
      close();
    }
  }

  private senderOf({ from }: SendEmailPayload): Mailbox {
    const sender = from === undefined ? this.config.mail.from : mailbox(from);
    if (sender) return sender;
    const server = this.config.mail.server ? '' : ', and SMTP_URL too, since there is no mail server either';
    throw new PermanentFailure(
      `The mail has no sender: give it a "from", or set MAIL_FROM for the workers${server}; start them again, and retry this job`,
    );
  }
}

/** The jobs whose artifacts are attached. */
function jobsIn(attachments: unknown): unknown[] {
  return Array.isArray(attachments) ? attachments.map((one: MailAttachment) => one.job_id) : [];
}
