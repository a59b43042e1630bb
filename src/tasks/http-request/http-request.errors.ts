import { codeOf, isRefusal } from '../../egress/index.js';
import { PermanentFailure } from '../../worker/index.js';

/** A request that got no answer, or not the right one; it is tried again. The message names no more than the origin. */
export class HttpRequestError extends Error {
  override readonly name: string = 'HttpRequestError';
}

/** It was not answered in time. */
export class HttpRequestTimeoutError extends HttpRequestError {
  override readonly name = 'HttpRequestTimeoutError';

  constructor(origin: string, seconds: number, cause: unknown) {
    super(`${origin} did not answer in full within ${seconds} s: see whether it is slow, or raise timeout`, {
      cause,
    });
  }
}

/** It got no answer, because of the network, TLS or an answer that is not HTTP. */
export function unanswered(origin: string, cause: unknown): HttpRequestError {
  return new HttpRequestError(
    `${origin} gave no answer that could be read${codeOf(cause)}: check its name, its certificate and whether it is up`,
    { cause },
  );
}

/** It was answered with a status that was not expected. */
export function unexpectedStatus(origin: string, status: number): Error {
  const message = `${origin} answered with status ${status}, which expected_status does not name`;
  return isRefusal(status)
    ? new PermanentFailure(`${message}: mend the request, as it would be refused again`)
    : new HttpRequestError(`${message}: see what is wrong there, or name it`);
}
