import { Inject, Injectable } from '@nestjs/common';
import { type NodemailerError, type SendMailOptions, type Transporter, createTransport } from 'nodemailer';
import { CONFIG, type Config } from '../../config/index.js';
import { PermanentFailure } from '../../worker/index.js';
import { asMailError, oneLine } from './mail.errors.js';

/** Longest waits (ms): for a connection, for the server's greeting, for any further sign of life. */
const CONNECTION_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;
/** After this time (ms) a connection that is being closed is cut. */
const CLOSE_TIMEOUT_MS = 500;

/** What the mail server made of a mail. */
export interface Delivery {
  /** The addresses it delivers to, or tries to. */
  readonly accepted: readonly string[];
  readonly rejected: readonly { readonly address: string; readonly reply: string }[];
}

/** The mail server at `SMTP_URL`. Each mail has a connection of its own. */
@Injectable()
export class Mailer {
  private transporter: Transporter | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * Hands a mail over; it is sent once at least one recipient was accepted.
   * @param signal ends it within a second, with its reason; the server throws away what it has of the mail
   * @throws PermanentFailure when the server refuses the mail for good, or there is no server
   * @throws MailServerError when another attempt may do better
   */
  async send(mail: SendMailOptions, signal: AbortSignal): Promise<Delivery> {
    this.transporter ??= this.connectTo();
    try {
      const {
        accepted = [],
        rejected = [],
        rejectedErrors = [],
      } = await this.transporter.sendMail({
        ...mail,
        signal,
        // Texts of a payload are never taken for a file or an address to read.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const replies = new Map(
        (rejectedErrors as NodemailerError[]).map(({ recipient, response }) => [recipient, response]),
      );
      return {
        accepted,
        rejected: rejected.map((address) => ({ address, reply: oneLine(replies.get(address) ?? '') })),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw asMailError(error as NodemailerError);
    }
  }

  private connectTo(): Transporter {
    const { server } = this.config.mail;
    if (!server) {
      throw new PermanentFailure(
        'No mail server is configured: set SMTP_URL for the workers, start them again, and retry this job',
      );
    }
    const { host, port, secure, requiresTls, login } = server;
    return createTransport({
      host,
      port,
      secure,
      requireTLS: requiresTls,
      ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
      dnsTimeout: CONNECTION_TIMEOUT_MS,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      greetingTimeout: GREETING_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      socketCloseTimeout: CLOSE_TIMEOUT_MS,
    });
  }
}
