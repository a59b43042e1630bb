import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { generate } from 'selfsigned';
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server';

/** A mail that was taken. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: string[];
  readonly raw: Buffer;
  readonly parsed: ParsedMail;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

/** A real mail server on loopback. */
export interface MailServer {
  readonly port: number;
  /** In the order of their arrival. */
  readonly mails: ReceivedMail[];
  /** Connections, also refused ones, and those still open. */
  connections(): { total: number; open: number };
  /** Mails whose content has begun to arrive. */
  begun(): number;
  /** The passwords that clients have shown. */
  readonly passwords: string[];
  mailFor(address: string): ReceivedMail | undefined;
  stop(): Promise<void>;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

interface Wanted {
  readonly certificate?: Certificate;
  /** TLS from the first byte. */
  readonly secure?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
}

/** A certificate for a host, which is its own authority. */
export async function certificateFor(host: string): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  });
  return { key, cert };
}

/**
 * Starts a mail server that does what addresses tell it: `reply-550@…` is answered with 550, as a sender or a
 * recipient; with a recipient `data-552@…` the mail is; `once-450@…` is refused the first time only;
 * `cut@…` ends the connection, and `hang@…` nothing more is said, when the mail has arrived; `once-hang@…` is kept the
 * first time, and nothing more is said.
 */
export async function startMailServer({
  certificate,
  secure = false,
  login,
}: Wanted = {}): Promise<MailServer> {
  const refusedOnce = new Set<string>();
  const sockets = { total: 0, begun: 0 };
  const server: SMTPServer = new SMTPServer({
    ...certificate,
    secure,
    hideSTARTTLS: !certificate,
    authOptional: !login,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onConnect: (_, done) => {
      sockets.total += 1;
      done();
    },
    onAuth: ({ username, password }, _, done) => {
      mails.passwords.push(String(password));
      if (username === login?.user && password === login?.password) return done(null, { user: username });
      done(refusal(535, '5.7.8 Authentication credentials invalid'));
    },
    onMailFrom: (address, _, done) => done(replyTo(address, refusedOnce)),
    onRcptTo: (address, _, done) => done(replyTo(address, refusedOnce)),
    onData: (stream, session, done) => {
      sockets.begun += 1;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('data', () => {
        if (isNamed(session, 'cut'))
          for (const connection of server.connections) if (connection.session === session) connection.close();
      });
      stream.on('end', () => {
        if (isNamed(session, 'hang')) return;
        const code = session.envelope.rcptTo
          .map(({ address }) => /^data-(\d+)@/.exec(address)?.[1])
          .find(Boolean);
        if (code) return done(refusal(Number(code), 'The mail itself is refused'));
        const isSilent = isNamed(session, 'once-hang') && mails.mails.length === 0;
        void keep(Buffer.concat(chunks), session).then(() => isSilent || done(null, 'Queued as 12345'), done);
      });
    },
  });
  const keep = async (raw: Buffer, session: SMTPServerSession) => {
    mails.mails.push({
      from: addressIn(session.envelope.mailFrom),
      to: session.envelope.rcptTo.map(({ address }) => address),
      raw,
      parsed: await simpleParser(raw),
      isSecure: session.secure,
      user: session.user as string | undefined,
    });
  };
  // A client that refuses the certificate breaks off.
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const mails: MailServer = {
    port: (server.server.address() as AddressInfo).port,
    mails: [],
    passwords: [],
    connections: () => ({ total: sockets.total, open: server.connections.size }),
    begun: () => sockets.begun,
    mailFor: (address) => mails.mails.find(({ to }) => to.includes(address)),
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
  return mails;
}

function replyTo({ address }: SMTPServerAddress, refusedOnce: Set<string>): Error | null {
  const [, when, code] = /^(reply|once)-(\d+)/.exec(address) ?? [];
  if (!code || (when === 'once' && refusedOnce.has(address))) return null;
  refusedOnce.add(address);
  return refusal(Number(code), `${address} is refused`);
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function isNamed({ envelope }: SMTPServerSession, name: string): boolean {
  return envelope.rcptTo.some(({ address }) => address.startsWith(`${name}@`));
}

function addressIn(sender: SMTPServerAddress | false): string {
  return sender === false ? '' : sender.address;
}
