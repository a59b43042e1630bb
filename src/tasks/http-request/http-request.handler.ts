import { Logger } from '@nestjs/common';
import { version } from '../../common/index.js';
import {
  EgressRules,
  ForbiddenTargetError,
  OutboundHttp,
  type OutboundResponse,
  retryAfterSeconds,
} from '../../egress/index.js';
import { type JobContext, JobHandler, PermanentFailure, RetryLater } from '../../worker/index.js';
import { isExpected } from './expected-status.js';
import { HttpRequestTimeoutError, unanswered, unexpectedStatus } from './http-request.errors.js';
import { HttpRequestPayload, httpRequestPayload, resolve } from './http-request.payload.js';
import { type HttpRequestResult, toResult } from './http-request.result.js';
import { type Hop, locationOf, redirected } from './redirects.js';
import { headersToSend } from './request-headers.js';

/** Statuses whose `Retry-After` is obeyed. */
const BUSY = [429, 503];

/** The answer at the end of the redirects. */
interface Arrival {
  readonly response: OutboundResponse;
  readonly url: string;
  readonly redirects: number;
}

/** How far a request goes, and for how long. */
interface Limits {
  readonly mostBytes: number;
  readonly mostRedirects: number;
  readonly signal: AbortSignal;
}

/** Sends a request and keeps the answer. */
@JobHandler({
  type: 'http_request',
  description: 'Sends an HTTP request and keeps the answer.',
  payload: { by: ({ egress }) => httpRequestPayload(new EgressRules(egress)) },
  example: { url: 'https://example.com/hooks', method: 'POST', json: { event: 'signup' } },
  policy: { failOn: [ForbiddenTargetError] },
})
export class HttpRequestHandler {
  private readonly logger = new Logger('HttpRequest');

  constructor(
    private readonly http: OutboundHttp,
    private readonly rules: EgressRules,
  ) {}

  async run(job: JobContext<HttpRequestPayload>): Promise<HttpRequestResult> {
    const asked = resolve(job.payload);
    const startedAt = performance.now();
    const { response, url, redirects } = await this.answerTo(job, asked);
    if (!isExpected(response.status, asked.expected_status))
      throw this.refusal(job, new URL(url).origin, response);
    return toResult(response, { url, redirects, durationMs: performance.now() - startedAt });
  }

  private async answerTo(job: JobContext, asked: ReturnType<typeof resolve>): Promise<Arrival> {
    const { jobId, attempt, signal } = job;
    const { origin, href } = this.rules.parse(asked.url);
    const { method, body, contentType } = asked;
    const userAgent = `Roundhouse/${version}`;
    const headers = headersToSend(asked.headers, { jobId, attempt, userAgent, contentType });
    const timeout = AbortSignal.timeout(asked.timeout * 1000);
    try {
      return await this.follow(
        { url: href, method, headers, body },
        {
          mostBytes: asked.response_max_bytes,
          mostRedirects: asked.follow_redirects,
          signal: AbortSignal.any([signal, timeout]),
        },
      );
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof ForbiddenTargetError || error instanceof PermanentFailure) throw error;
      if (!timeout.aborted) throw unanswered(origin, error);
      this.logger.warn(`Job ${jobId}: API timeout on attempt ${attempt}`);
      throw new HttpRequestTimeoutError(origin, asked.timeout, error);
    }
  }

  private async follow(first: Hop, { mostBytes, mostRedirects, signal }: Limits): Promise<Arrival> {
    let hop = first;
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.http.send({ ...hop, mostBytes, signal });
      const location = mostRedirects === 0 ? undefined : locationOf(response);
      if (location === undefined) return { response, url: hop.url, redirects };
      if (redirects === mostRedirects) {
        throw new PermanentFailure(
          `${new URL(first.url).origin} redirected more than ${mostRedirects} times: name the address it leads to`,
        );
      }
      hop = this.allowed(redirected(hop, response.status, location), first);
    }
  }

  private allowed(hop: Hop, first: Hop): Hop {
    const subject = `The URL that ${new URL(first.url).origin} redirected to`;
    return { ...hop, url: this.rules.parse(hop.url, subject).href };
  }

  /** What becomes of a job whose answer was not the right one. */
  private refusal(job: JobContext, origin: string, { status, headers }: OutboundResponse): Error {
    const seconds = BUSY.includes(status)
      ? retryAfterSeconds([headers['retry-after']].flat()[0], Date.now())
      : undefined;
    if (seconds === undefined) return unexpectedStatus(origin, status);
    const message = `${origin} answered with status ${status} and asked to be left alone for ${seconds} s`;
    job.log('warn', message);
    return new RetryLater(seconds, message);
  }
}
