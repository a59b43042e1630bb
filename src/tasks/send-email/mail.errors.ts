import type { NodemailerError } from 'nodemailer';
import { cutToBytes } from '../../common/index.js';
import { PermanentFailure } from '../../worker/index.js';

/** The mail server did not take the mail now; another attempt may do better. */
export class MailServerError extends Error {
  override readonly name: string = 'MailServerError';
}

/** There is no connection to the mail server, or none that lasts. */
export class MailServerUnreachableError extends MailServerError {
  override readonly name = 'MailServerUnreachableError';
}

/** What a server's answer to something else than a mail is about: its configuration and ours. */
const LOGIN_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);
const CONNECTION_CODES: ReadonlySet<string> = new Set(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS']);
const CLOSING = 421;
const LONGEST_REPLY_BYTES = 500;

/**
 * What becomes of a mail after this error of the mailer. Messages name no host and no address of a server: they are
 * shown with the job.
 * @returns a PermanentFailure when the server refuses this very mail, else an error after which it is tried again
 */
export function asMailError(error: NodemailerError): Error {
  const { code = '', responseCode } = error;
  if (code === 'EAUTH' || LOGIN_REPLIES.has(responseCode ?? 0)) return loginRefused(error);
  if (responseCode === CLOSING) return unreachable(error, 'is closing its connections');
  if (isAboutTls(error)) return notSecure(error);
  if (CONNECTION_CODES.has(code)) return unreachable(error, 'cannot be reached, or broke off');
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return refused(error);
  if (code === 'EPROTOCOL')
    return new MailServerError(`The mail server does not serve us${replyOf(error)}: it is tried again`, {
      cause: error,
    });
  return error;
}

/** A reply in one line. */
export function oneLine(reply: string): string {
  return cutToBytes(reply.replace(/\s+/g, ' ').trim(), LONGEST_REPLY_BYTES);
}

function refused(error: NodemailerError): Error {
  const what = whatWasRefused(error);
  const isFinal = error.permanent ?? error.responseCode === undefined;
  if (!isFinal)
    return new MailServerError(
      `The mail server does not take ${what} for now${replyOf(error)}: it is tried again`,
      {
        cause: error,
      },
    );
  return new PermanentFailure(
    `The mail server refuses ${what}${replyOf(error)}: mend what it says and submit the mail again`,
    { cause: error },
  );
}

function whatWasRefused({ command }: NodemailerError): string {
  if (command === 'MAIL FROM') return 'the sender';
  return command === 'RCPT TO' ? 'all recipients' : 'the mail';
}

/** Somebody mends the settings while it is tried again. */
function loginRefused(error: NodemailerError): MailServerError {
  return new MailServerError(
    `The mail server refuses the login${replyOf(error)}: check user and password in SMTP_URL`,
    { cause: error },
  );
}

function notSecure(error: NodemailerError): MailServerError {
  return new MailServerError(
    `No secure connection to the mail server (${error.originalCode ?? oneLine(error.message)}): the server must offer TLS with a certificate that names the host in SMTP_URL and is trusted, through NODE_EXTRA_CA_CERTS if need be`,
    { cause: error },
  );
}

function unreachable(error: NodemailerError, what: string): MailServerUnreachableError {
  const reason = replyOf(error) || ` (${error.originalCode ?? error.code})`;
  return new MailServerUnreachableError(
    `The mail server ${what}${reason}: it is tried again; check SMTP_URL and the network when this lasts`,
    { cause: error },
  );
}

function isAboutTls({ code, originalCode = '' }: NodemailerError): boolean {
  return code === 'ETLS' || /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(originalCode);
}

function replyOf({ response }: NodemailerError): string {
  return typeof response === 'string' && response !== '' ? ` (${oneLine(response)})` : '';
}
