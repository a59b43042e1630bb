import { ConnectionError, ProblemError } from '../errors.js';
import type { Problem } from '../wire.js';

/** The error that an answer is. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const retryAfter = secondsOf(response.headers.get('retry-after'));
  const body = await response.text();
  return new ProblemError(problemIn(response, body) ?? foreign(response), retryAfter);
}

/** What an answer holds; undefined for one without a body. @throws ConnectionError when it does not come from Roundhouse */
export async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status === 204 || text === '') return undefined;
  const type = response.headers.get('content-type') ?? '';
  try {
    if (type.startsWith('application/json')) return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConnectionError('The answer broke off, or is not the JSON that it says it is.', {
      cause: error,
    });
  }
  if (type.startsWith('text/plain')) return text;
  throw new ConnectionError(
    `${new URL(response.url || 'http://the-service').origin} answers, but not as Roundhouse does: check the url of the client.`,
  );
}

/** @returns seconds from now; undefined when there is nothing to go by */
export function secondsOf(retryAfter: string | null, now: number = Date.now()): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

function problemIn(response: Response, body: string): Problem | undefined {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return undefined;
  try {
    return JSON.parse(body) as Problem;
  } catch {
    return undefined;
  }
}

/** An answer of a proxy, or of something else that listens there. */
function foreign({ status, type, headers }: Response): Omit<Problem, 'request_id'> {
  // Browsers do not tell where they were sent to.
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
  const target = headers.get('location');
  const detail = isRedirect
    ? `The service answers with a redirect${target === null ? '' : ` to ${target}`}, which is not followed: use the address it leads to as the url.`
    : `The service answers ${status}, but not as Roundhouse does: check the url, and what stands between.`;
  return {
    type: 'about:blank',
    title: 'Not an answer of Roundhouse',
    status,
    detail,
    instance: '',
    code: `http_${status}`,
  };
}
