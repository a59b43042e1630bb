import { Inject, Injectable } from '@nestjs/common';
import { storableText, version } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { ForbiddenTargetError, OutboundHttp, webhookRules } from '../../egress/index.js';
import { signatureOf } from '../secrets/signature.js';
import type { Attempt } from './attempt.js';

/** A receiver has this long (s) to answer in full: it is to note the event, and do the work later. */
const SECONDS_TO_ANSWER = 15;

/** As much of an answer is kept, in bytes. */
const MOST_BYTES = 1_024;

/** What is sent where. */
interface Outgoing {
  readonly url: string;
  readonly eventId: string;
  readonly body: string;
  /** Each signs by itself. */
  readonly secrets: readonly string[];
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** Sends events as Standard Webhooks has them: signed, by POST, to allowed addresses only, without following redirects. */
@Injectable()
export class WebhookSender {
  private readonly http: OutboundHttp;

  constructor(@Inject(CONFIG) config: Config) {
    this.http = new OutboundHttp(webhookRules(config));
  }

  /** Answers with what came of it, also when that is nothing. @throws the signal's reason */
  async send({ url, eventId, body, secrets, signal }: Outgoing): Promise<Attempt> {
    const startedAt = performance.now();
    const durationMs = () => Math.round(performance.now() - startedAt);
    const timestamp = Math.floor(Date.now() / 1000);
    const timeout = AbortSignal.timeout(SECONDS_TO_ANSWER * 1000);
    try {
      const {
        status,
        headers,
        body: answer,
      } = await this.http.send({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': `Roundhouse/${version}`,
          accept: '*/*',
          'accept-encoding': 'identity',
          'webhook-id': eventId,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(secrets, { id: eventId, timestamp, body }),
        },
        body,
        mostBytes: MOST_BYTES,
        signal: AbortSignal.any([signal, timeout]),
      });
      const retryAfter = [headers['retry-after']].flat()[0];
      const text = storableText(answer.bytes.toString('utf8'));
      return { status, body: text, retryAfter, durationMs: durationMs(), error: undefined };
    } catch (error) {
      signal.throwIfAborted();
      const words = timeout.aborted ? TOO_SLOW : wordsOf(error);
      return {
        status: undefined,
        body: undefined,
        retryAfter: undefined,
        durationMs: durationMs(),
        error: words,
      };
    }
  }
}

const TOO_SLOW = `The receiver did not answer in full within ${SECONDS_TO_ANSWER} s: it should answer first and work later`;

/** No more than what a stranger may know of our network, and nothing of the URL but its host. */
function wordsOf(error: unknown): string {
  if (error instanceof ForbiddenTargetError) return error.message;
  const { code } = error as { code?: unknown };
  const reason = typeof code === 'string' ? ` (${code})` : '';
  return `The receiver gave no answer that could be read${reason}: check its name, its certificate and whether it is up`;
}
