import type { IncomingMessage } from 'node:http';
import { version } from '../../common/version.js';
import { errorFrom } from './refused.error.js';
import { type Answer, UnreachableError, open, send } from './transport.js';

/** Values of a query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

interface Options {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long (ms) the service may be silent. */
  readonly patienceMs?: number;
}

/** The public API of a running service. */
export class Service {
  constructor(
    private readonly base: URL,
    private readonly apiKey: string | undefined,
  ) {}

  /** @throws CliError when the service refuses, or cannot be reached */
  get<Body>(path: string, options: Options = {}): Promise<Body> {
    return this.call('GET', path, undefined, options);
  }

  /** @throws CliError when the service refuses, or cannot be reached */
  post<Body>(path: string, body?: unknown, options: Options = {}): Promise<Body> {
    return this.call('POST', path, body, options);
  }

  /** Changes what is there, whoever changed it last. @throws CliError when the service refuses, or cannot be reached */
  patch<Body>(path: string, body: unknown): Promise<Body> {
    return this.call('PATCH', path, body, { headers: { 'If-Match': '*' } });
  }

  /** @throws CliError when the service refuses, or cannot be reached */
  async delete(path: string): Promise<void> {
    await this.call('DELETE', path, undefined, {});
  }

  /** The answer as it comes; any status but 200 and 204 is an error. @throws CliError */
  async stream(path: string, headers: Record<string, string>, patienceMs: number): Promise<IncomingMessage> {
    const request = this.request('GET', path, undefined, { headers, patienceMs });
    const response = await open(request);
    if (response.statusCode === 200 || response.statusCode === 204) return response;
    const { text } = await import('node:stream/consumers');
    const answer = {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await text(response),
    };
    throw errorFrom(answer, this.base, this.apiKey !== undefined);
  }

  private async call<Body>(method: string, path: string, body: unknown, options: Options): Promise<Body> {
    const answer = await send(this.request(method, path, body, options));
    if (answer.status < 200 || answer.status > 299)
      throw errorFrom(answer, this.base, this.apiKey !== undefined);
    return this.parsed(answer) as Body;
  }

  private request(method: string, path: string, body: unknown, { query = {}, headers, patienceMs }: Options) {
    const url = new URL(path.replace(/^\//, ''), this.base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return {
      method,
      url,
      headers: {
        Accept: 'application/json',
        'User-Agent': `roundhouse-cli/${version}`,
        ...(this.apiKey === undefined ? {} : { Authorization: `Bearer ${this.apiKey}` }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      patienceMs,
    };
  }

  private parsed({ status, headers, body }: Answer): unknown {
    if (status === 204) return undefined;
    if (headers['content-type']?.startsWith('application/json')) return JSON.parse(body) as unknown;
    throw new UnreachableError(
      `${this.base.origin} answers, but not as Roundhouse does: check ROUNDHOUSE_URL or --url.`,
    );
  }
}

/** A path whose parts are what users named: none of them can lead elsewhere. */
export function pathOf(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  return strings.reduce((path, text, at) => path + encodeURIComponent(parts[at - 1] ?? '') + text);
}
