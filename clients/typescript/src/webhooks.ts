import { WebhookVerificationError } from './errors.js';
import type { Job, Workflow } from './wire.js';

/** A request may be so old (s), or so far ahead of our clock. */
const TOLERANCE_S = 300;

/** What a webhook or a callback tells. */
export type WebhookEvent =
  | {
      type: 'job.completed' | 'job.failed' | 'job.cancelled';
      /** When the job ended. */
      timestamp: string;
      /** As it was at its end. A result of more than 16 KiB is `{ truncated: true, bytes, preview }`. */
      data: Omit<Job, 'payload' | 'progress'>;
    }
  | {
      type: 'workflow.completed' | 'workflow.failed' | 'workflow.cancelled';
      timestamp: string;
      data: Omit<Workflow, 'graph'>;
    }
  | { type: 'webhook.test'; timestamp: string; data: { webhook_id: string } };

/** Headers of a request, as `fetch` or as Node.js has them. */
export type WebhookHeaders =
  { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Makes sure that a request is from the service, and from now (5 minutes either way), by Standard Webhooks. Signatures are compared in
 * a time that does not tell how near they are. Remember the `webhook-id`s that were dealt with: an event may arrive more than once.
 * @param body exactly as it arrived
 * @param secrets `whsec_…`, or several of which one must fit
 * @throws WebhookVerificationError for anything else; answer with 400
 */
export async function verifyWebhook(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
): Promise<WebhookEvent> {
  const id = headerOf(headers, 'webhook-id');
  const sentAt = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > TOLERANCE_S)
    throw new WebhookVerificationError(
      'The webhook was not sent within the last five minutes: is the clock right?',
    );
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const signed = new TextEncoder().encode(`${id}.${sentAt}.${text}`);
  const candidates = signatures
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .flatMap((one) => bytesIn(one.slice(3)) ?? []);
  for (const secret of typeof secrets === 'string' ? [secrets] : secrets) {
    const key = await keyOf(secret);
    for (const candidate of candidates) {
      if (await crypto.subtle.verify('HMAC', key, candidate, signed)) return JSON.parse(text) as WebhookEvent;
    }
  }
  throw new WebhookVerificationError('The signature of the webhook does not fit: is it the right secret?');
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : (headers as Plain)[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new WebhookVerificationError(`The request has no header ${name}: it is no webhook.`);
}

type Plain = Readonly<Record<string, string | readonly string[] | undefined>>;

async function keyOf(secret: string) {
  const bytes = bytesIn(secret.replace(/^whsec_/, ''));
  if (!bytes || bytes.length === 0)
    throw new TypeError('The secret of a webhook is "whsec_" and base64: give it as the service gave it.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** @returns undefined for what is not base64 */
function bytesIn(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
