import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemCode, problems } from '../errors.js';
import type { Problem } from './problem.filter.js';
import { SECURITY_HEADERS } from './security-headers.js';

const DETAILS = {
  request_timeout: 'The request did not arrive in time: send it at once',
  headers_too_large: 'The address and the headers have more than 8 KiB together: send less',
  bad_request:
    'This is no HTTP/1.1 request that can be understood: check what lies between the client and here',
} as const satisfies Partial<Record<ProblemCode, string>>;

/** Answers bytes that are no request, or not yet, and ends their connection: nobody knows where the next one begins. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(responseOf(problemOf(error)));
  socket.destroy(error);
}

function problemOf({ code: reason }: NodeJS.ErrnoException): Problem {
  const code =
    reason === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'request_timeout'
      : reason === 'HPE_HEADER_OVERFLOW'
        ? 'headers_too_large'
        : 'bad_request';
  return {
    type: `urn:roundhouse:problem:${code}`,
    title: problems[code].title,
    status: problems[code].status,
    detail: DETAILS[code],
    // What was asked for is not known.
    instance: '/',
    code,
    request_id: randomUUID(),
  };
}

function responseOf(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${problem.request_id}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
