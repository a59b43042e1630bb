import type { ClientRequest, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { CliError } from '../cli.error.js';
import { EXIT_CODES } from '../exit-codes.js';

/** How long (ms) an answer may take, if nobody waits for something on purpose. */
const PATIENCE_MS = 30_000;

/** One request, ready to be sent. */
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** How long (ms) the service may be silent. */
  readonly patienceMs?: number | undefined;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The service is not there, or went away in the middle of it: whether it did what it was asked for is not known. */
export class UnreachableError extends CliError {
  constructor(message: string, cause?: unknown) {
    super(EXIT_CODES.unavailable, message, { cause });
  }
}

/** Sends a request and reads the answer to its end. @throws UnreachableError */
export async function send(request: Request): Promise<Answer> {
  const response = await open(request);
  try {
    const body = await text(response);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } catch (error) {
    throw unreachable(request.url, error);
  }
}

/** Sends a request and hands over the answer as it comes. @throws UnreachableError */
export async function open(request: Request): Promise<IncomingMessage> {
  const { method, url, headers, body, patienceMs = PATIENCE_MS } = request;
  // Loaded when it is needed: either takes longer than all that helps somebody who asks for help.
  const { request: start } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = start(
      url,
      { method, headers: { ...headers, ...lengthOf(body) }, agent: false, timeout: patienceMs },
      resolve,
    );
    outgoing.on('timeout', () => outgoing.destroy(new SilenceError(patienceMs)));
    outgoing.on('error', (error) => reject(unreachable(url, error)));
    outgoing.end(body);
  });
}

class SilenceError extends Error {
  readonly code = 'SILENCE';

  constructor(ms: number) {
    super(`no answer within ${Math.round(ms / 1000)} s`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ECONNRESET: 'the connection broke',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'no answer',
  EPROTO: 'it does not speak TLS: is it http:// and not https://?',
};

function unreachable({ origin }: URL, error: unknown): UnreachableError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? message;
  return new UnreachableError(
    `The service at ${origin} cannot be reached: ${reason}. Start it with "npm start" or "roundhouse serve", or say with ROUNDHOUSE_URL or --url where it is.`,
    error,
  );
}

function lengthOf(body: string | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
}
