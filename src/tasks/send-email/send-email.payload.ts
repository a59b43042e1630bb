import { NestedList, declare, says } from '../../common/http/index.js';
import { MailAttachment } from './mail-attachment.js';
import { Address, Addresses, HeaderText, OwnHeaders } from './mail-fields.js';

/** Recipients of one mail, in all; what every mail server must take (RFC 5321). */
const MOST_RECIPIENTS = 100;
const MOST_IN_A_FIELD = 50;
const LONGEST_SUBJECT = 998;
const LONGEST_BODY = 10_000_000;

/** A mail. */
export class SendEmailPayload {
  @Addresses({
    description: 'Who gets it. `to`, `cc` and `bcc` together name at most 100 addresses.',
    least: 1,
    most: MOST_IN_A_FIELD,
    example: ['Ada Lovelace <ada@example.org>'],
  })
  @says('areNotTooMany', recipientsFault)
  to: string[];

  @Addresses({ description: 'Who gets a copy.', least: 0, most: MOST_IN_A_FIELD, optional: true })
  cc?: string[];

  @Addresses({
    description: 'Who gets a copy that nobody sees in the mail.',
    least: 0,
    most: MOST_IN_A_FIELD,
    optional: true,
  })
  bcc?: string[];

  @Address({
    description: 'Who sends it. Default: `MAIL_FROM`.',
    optional: true,
    example: 'Reports <reports@example.org>',
  })
  from?: string;

  @Address({ description: 'Where answers go.', optional: true, example: 'support@example.org' })
  reply_to?: string;

  @HeaderText({
    description: 'The subject, in one line.',
    maxLength: LONGEST_SUBJECT,
    example: 'Your report',
  })
  subject: string;

  @declare(
    {
      description: 'The mail as plain text; at least one of `text` and `html`.',
      optional: ({ html }: SendEmailPayload) => html !== undefined,
      example: 'It is attached.',
    },
    { type: 'string', minLength: 1, maxLength: LONGEST_BODY },
    says('isMailText', bodyFault),
  )
  text?: string;

  @declare(
    { description: 'The mail as HTML; with `text` too, the reader’s program chooses.', optional: true },
    { type: 'string', minLength: 1, maxLength: LONGEST_BODY },
    says('isMailHtml', bodyFault),
  )
  html?: string;

  @OwnHeaders({
    description: 'Headers of your own, `X-…` only.',
    optional: true,
    example: { 'X-Campaign': 'spring' },
  })
  headers?: Record<string, string>;

  @NestedList({
    description: 'Files, 25 MiB together at most.',
    of: MailAttachment,
    maxItems: 20,
    optional: true,
  })
  attachments?: MailAttachment[];
}

function recipientsFault(_: unknown, { to, cc, bcc }: SendEmailPayload): string | undefined {
  const count = [to, cc, bcc].reduce((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
  return count > MOST_RECIPIENTS
    ? `to, cc and bcc together may name ${MOST_RECIPIENTS} addresses, not ${count}: send several mails`
    : undefined;
}

function bodyFault(value: unknown): string | undefined {
  if (value === undefined) return 'A mail needs text, html or both';
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_BODY)
    return `$property must be text of 1 to ${LONGEST_BODY} characters`;
  return value.includes('\0') || !value.isWellFormed()
    ? '$property must not hold a NUL character or half of a surrogate pair'
    : undefined;
}
