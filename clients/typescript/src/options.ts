/** Where the service is, who calls, and how patient calls are. */
export interface RoundhouseOptions {
  /** Where the service is, such as `https://jobs.example.com`, with a path where it has one. */
  readonly url: string | URL;
  /** An API key (`rh_…`) or an access token; a function is asked before each try, for tokens that expire. */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  /** What sends requests instead of the global `fetch`: one with an agent, a proxy or a trace. */
  readonly fetch?: typeof fetch | undefined;
  /** How long (ms) a try may take, from 1 on; 30,000 otherwise. What is waited for on purpose comes on top. */
  readonly timeout?: number | undefined;
  /** How often a request that failed on the way is tried again, from 0 on; 4 times otherwise. */
  readonly retries?: number | undefined;
}

/** What can be said of a single call. */
export interface RequestOptions {
  /** Ends the call, with all its tries; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long (ms) a try may take; that of the client otherwise. */
  readonly timeout?: number | undefined;
  /** How often it is tried again; that of the client otherwise. */
  readonly retries?: number | undefined;
  /** Sent along, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The options, with everything decided. */
export interface Settings {
  /** Ends with a slash. */
  readonly base: URL;
  readonly apiKey: () => string | undefined | Promise<string>;
  readonly fetch: typeof fetch;
  readonly timeout: number;
  readonly retries: number;
}

/** @throws TypeError for an address that is none, and for numbers out of range */
export function resolveOptions(options: RoundhouseOptions): Settings {
  const { url, apiKey, timeout = 30_000, retries = 4 } = options;
  const base = new URL(url);
  if (!/^https?:$/.test(base.protocol)) throw new TypeError(`The url must be http(s), not ${base.protocol}`);
  base.search = base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  if (!(timeout >= 1)) throw new TypeError('The timeout is in milliseconds, from 1 on.');
  if (!(retries >= 0)) throw new TypeError('The number of retries must be 0 or more.');
  return {
    base,
    apiKey: typeof apiKey === 'function' ? apiKey : () => apiKey,
    // Looked up at each call, so that what is put in its place later counts, and called without a `this`.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeout,
    retries,
  };
}
