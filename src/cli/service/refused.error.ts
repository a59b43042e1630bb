import { CliError } from '../cli.error.js';
import { EXIT_CODES } from '../exit-codes.js';
import { spoken } from '../output/times.js';
import { type Answer, UnreachableError } from './transport.js';

/** What the service says of a request that it refuses (RFC 9457). */
interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly request_id?: string;
  readonly errors?: readonly Fault[];
}

/** One fault of a request, and where it is. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** The service has refused what it was asked for. */
export class RefusedError extends CliError {
  readonly code: string;
  readonly faults: readonly Fault[];
  /** When the service asks to be called again, in ms; undefined = it does not. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly status: number,
    problem: Problem,
    { retryAfterMs, hasKey }: { retryAfterMs: number | undefined; hasKey: boolean },
  ) {
    super(exitCodeFor(status, retryAfterMs), sentenceFor(status, problem, retryAfterMs, hasKey));
    this.code = problem.code;
    this.faults = problem.errors ?? [];
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error that an answer is; one that does not come from Roundhouse says so. */
export function errorFrom(answer: Answer, url: URL, hasKey: boolean): CliError {
  const { status, headers } = answer;
  const problem = problemIn(answer);
  if (!problem) {
    const what =
      headers.location === undefined ? `with ${status}` : `with ${status}, and points to ${headers.location}`;
    return new UnreachableError(
      `${url.origin} answers ${what}, but not as Roundhouse does: check ROUNDHOUSE_URL or --url.`,
    );
  }
  const seconds = Number(headers['retry-after']);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new RefusedError(status, problem, { retryAfterMs, hasKey });
}

function problemIn({ headers, body }: Answer): Problem | undefined {
  if (!headers['content-type']?.startsWith('application/problem+json')) return undefined;
  try {
    return JSON.parse(body) as Problem;
  } catch {
    return undefined;
  }
}

function exitCodeFor(status: number, retryAfterMs: number | undefined) {
  if (status === 401 || status === 403) return EXIT_CODES.forbidden;
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return EXIT_CODES.busy;
  return status >= 500 ? EXIT_CODES.unavailable : EXIT_CODES.failed;
}

function sentenceFor(
  status: number,
  { detail, errors = [], request_id }: Problem,
  retryAfterMs: number | undefined,
  hasKey: boolean,
): string {
  const said = detail.replace(/[.\s]*$/, '.');
  if (status === 401 && !hasKey)
    return `${said} Set ROUNDHOUSE_API_KEY, or name the file that holds the key with --api-key-file.`;
  if (status === 403) return `${said} Use another key; "roundhouse keys create" makes one.`;
  if (status === 429 || status === 503)
    return retryAfterMs === undefined ? said : `${said} Try again in ${spoken(retryAfterMs / 1000)}.`;
  if (status >= 500) return `${said} The service's log tells more, under ${request_id}.`;
  if (errors.length <= 1) return said;
  return errors.map((fault) => `${fault.pointer || 'the request'}: ${fault.detail}`).join('\n');
}
