import { ConnectionError, RoundhouseError } from '../errors.js';
import type { RequestOptions, Settings } from '../options.js';
import { bodyOf, problemOf } from './answers.js';
import { type Bounded, bounded } from './bounded.js';
import { retrying } from './retrying.js';

/** One request, as it is sent at every try. */
export interface Call {
  readonly method: string;
  /** Below the address of the service, without a slash in front. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether sending it twice does no harm. */
  readonly isRepeatable: boolean;
  /** How long (ms) the service waits before it answers, on purpose. */
  readonly heldMs?: number | undefined;
  /** It is tried again for so long (ms), whatever the number of retries. */
  readonly patienceMs?: number | undefined;
}

/** Sends requests, again where they failed on the way and may be repeated. */
export class Transport {
  constructor(private readonly settings: Settings) {}

  /** What the service answers. @throws ProblemError @throws ConnectionError @throws the signal's reason */
  async fetch<Body>(call: Call, options: RequestOptions = {}): Promise<Body> {
    return this.send(call, options, async (response, limit) => {
      try {
        if (response.status === 304) throw await problemOf(response);
        return (await bodyOf(response)) as Body;
      } finally {
        limit.release();
      }
    });
  }

  /** The answer as it comes: its body is read without a time limit. @throws as `fetch` does */
  async open(call: Call, options: RequestOptions = {}): Promise<Response> {
    return this.send(call, options, async (response, limit) => {
      limit.stopClock();
      return response;
    });
  }

  private send<Result>(
    call: Call,
    options: RequestOptions,
    read: (response: Response, limit: Bounded) => Promise<Result>,
  ): Promise<Result> {
    const { retries = this.settings.retries, signal } = options;
    const { isRepeatable, patienceMs } = call;
    return retrying((failures) => this.attempt(call, options, failures, read), {
      retries,
      isRepeatable,
      signal,
      patienceMs,
    });
  }

  private async attempt<Result>(
    call: Call,
    { timeout = this.settings.timeout, signal, headers = {} }: RequestOptions,
    failures: number,
    read: (response: Response, limit: Bounded) => Promise<Result>,
  ): Promise<Result> {
    const request = await this.request({ ...call, headers: { ...call.headers, ...headers } });
    const ms = timeout + (call.heldMs ?? 0);
    const limit = bounded(signal, ms);
    try {
      const response = await this.settings.fetch(new URL(call.path, this.settings.base), {
        ...request,
        signal: limit.signal,
      });
      if (response.ok || response.status === 304) return await read(response, limit);
      // Deleted by the try before, whose answer was lost.
      if (call.method === 'DELETE' && failures > 0 && response.status === 404)
        return await read(new Response(null, { status: 204 }), limit);
      throw await problemOf(response);
    } catch (error) {
      limit.release();
      throw this.named(error, limit.isOverdue ? ms : undefined);
    }
  }

  private async request({ method, headers, body }: Call): Promise<RequestInit> {
    const key = await this.settings.apiKey();
    return {
      method,
      headers: {
        Accept: 'application/json',
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      // A POST that is sent elsewhere would arrive there as a GET.
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  }

  /** What `fetch` throws tells neither where it went nor what to do. */
  private named(error: unknown, overdueMs: number | undefined): unknown {
    if (error instanceof RoundhouseError) return error;
    const reason = overdueMs === undefined ? reasonOf(error) : `no answer within ${overdueMs} ms`;
    return new ConnectionError(
      `The service at ${this.settings.base.origin} cannot be reached: ${reason}. Check the url, and whether it runs.`,
      { cause: error },
    );
  }
}

/** The innermost cause, which is the one that tells something. By its looks: it may come from another realm. */
function reasonOf(error: unknown): string {
  const { cause, message, code, name } = error as Partial<Error & { code: unknown }>;
  if (typeof cause === 'object' && cause !== null) return reasonOf(cause);
  return message === undefined || message === '' ? String(code ?? name ?? error) : message;
}
