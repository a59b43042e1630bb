import type { SendMailOptions } from 'nodemailer';
import { type Mailbox, domainOf, parseMailbox } from '../../common/index.js';
import { PermanentFailure } from '../../worker/index.js';
import type { SendEmailPayload } from './send-email.payload.js';

/** The mail of a job, but for its attachments. Its Message-ID is the same whenever it is asked for. */
export function messageOf(jobId: string, from: Mailbox, payload: SendEmailPayload) {
  const { to, cc = [], bcc = [], reply_to: replyTo, subject, text, html, headers } = payload;
  return {
    messageId: `<${jobId}@${domainOf(from)}>`,
    date: new Date(),
    // The mailer writes into what it is given, and the settings are frozen.
    from: { ...from },
    to: to.map(mailbox),
    cc: cc.map(mailbox),
    bcc: bcc.map(mailbox),
    subject,
    ...(replyTo === undefined ? {} : { replyTo: mailbox(replyTo) }),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    ...(headers === undefined ? {} : { headers }),
  } satisfies SendMailOptions;
}

/** @throws PermanentFailure when it is no address, which the payload's rules do not let through */
export function mailbox(text: string): Mailbox {
  const read = parseMailbox(text);
  if (!read)
    throw new PermanentFailure(`${JSON.stringify(text)} is not an address: submit the mail with one that is`);
  return read;
}
