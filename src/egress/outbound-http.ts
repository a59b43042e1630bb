import { lookup } from 'node:dns';
import type { Readable } from 'node:stream';
import { Client, type buildConnector } from 'undici';
import { type BoundedBody, readBounded } from './bounded-body.js';
import type { EgressRules } from './egress-rules.js';
import { type Resolve, guardedConnector } from './guarded-connector.js';

/** More is not read (bytes, all headers of an answer). */
const MOST_HEADER_BYTES = 16 * 1024;

export interface OutboundRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** How much of the answer's body is read, in bytes. */
  readonly mostBytes: number;
  /** Ends the request; there is no other limit of time but 10 s for the connection. */
  readonly signal: AbortSignal;
}

export interface OutboundResponse {
  readonly status: number;
  /** Names in lower case; several headers of a name are a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decompressed, and cut at `mostBytes`. */
  readonly body: BoundedBody;
}

/** An answer whose body is still to be read. */
export interface OpenResponse extends Omit<OutboundResponse, 'body'> {
  /** Neither decompressed nor bounded. */
  readonly body: Readable;
  /** Ends the connection; once is enough, and more does no harm. */
  close(this: void): Promise<void>;
}

/**
 * Sends requests that others have worded. Every request has a connection of its own, whose address is checked;
 * redirects are not followed, proxies of the environment not used.
 */
export class OutboundHttp {
  private readonly connect: buildConnector.connector;

  constructor(
    private readonly rules: EgressRules,
    resolve: Resolve = lookup,
  ) {
    this.connect = guardedConnector(rules, resolve);
  }

  /**
   * One request and its answer, whatever its status.
   * @throws ForbiddenTargetError; the signal's reason; what undici says of a network that fails
   */
  async send({ mostBytes, ...request }: OutboundRequest): Promise<OutboundResponse> {
    const { status, headers, body, close } = await this.open(request);
    try {
      const coding = request.method === 'HEAD' ? undefined : headers['content-encoding'];
      return { status, headers, body: await readBounded(body, mostBytes, [coding].flat().join()) };
    } finally {
      await close();
    }
  }

  /**
   * The same, with a body that is read as it arrives and as it was sent; it fails as the request would.
   * Whoever opens it closes it.
   */
  async open({ url, ...request }: Omit<OutboundRequest, 'mostBytes'>): Promise<OpenResponse> {
    const { origin, pathname, search } = this.rules.parse(url);
    const client = new Client(origin, {
      connect: this.connect,
      // No connection is used twice: each is checked anew, and none is found dead by a request it was kept for.
      pipelining: 0,
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const close = async () => {
      await client.destroy();
    };
    try {
      const { statusCode, headers, body } = await client.request({ ...request, path: pathname + search });
      // A body that nobody reads to its end fails when it is closed.
      body.on('error', () => undefined);
      return { status: statusCode, headers, body, close };
    } catch (error) {
      await close();
      throw error;
    }
  }
}
