import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 5_000;
const PAUSE_MS = 250;

/** How a request ended. */
export type Fate =
  | {
      readonly kind: 'accepted';
      readonly ids: readonly string[];
      /** Of a job of a workflow, by its name there. */
      readonly idOf: (ref: string) => string;
      readonly tries: number;
    }
  /** Nobody said yes or no: it may have been accepted. */
  | { readonly kind: 'unknown'; readonly tries: number }
  | { readonly kind: 'refused'; readonly why: string; readonly tries: number }
  /** No API was there to send it to. */
  | { readonly kind: 'unsent'; readonly tries: number };

export interface Submission {
  readonly path: string;
  readonly body: unknown;
  /** Sent as Idempotency-Key. */
  readonly key?: string;
  /** Without it a request is sent once, and one that is not answered is of unknown fate. */
  readonly repeats: boolean;
}

/** Sends a request to whichever API is ready until one accepts it, or `signal` ends the trying. */
export async function submit(
  { path, body, key, repeats }: Submission,
  addresses: () => readonly string[],
  signal: AbortSignal,
): Promise<Fate> {
  let tries = 0;
  for (;;) {
    const ready = addresses();
    const address = ready[Math.floor(Math.random() * ready.length)];
    if (address) {
      tries += 1;
      const fate = await sendOnce(`${address}${path}`, body, key, tries);
      if (fate.kind !== 'unknown') return fate;
      if (!repeats) return fate;
    }
    if (signal.aborted) return { kind: tries > 0 ? 'unknown' : 'unsent', tries };
    await pause(PAUSE_MS);
  }
}

async function sendOnce(url: string, body: unknown, key: string | undefined, tries: number): Promise<Fate> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429)
      return { kind: 'unknown', tries };
    if (!answer.ok) return { kind: 'refused', why: `${answer.status} ${text.slice(0, 300)}`, tries };
    return accepted(JSON.parse(text), tries);
  } catch {
    return { kind: 'unknown', tries };
  }
}

function accepted(answer: any, tries: number): Fate {
  const jobs: any[] = answer.jobs ?? [answer];
  const ids = jobs.map((job) => job.job_id);
  return { kind: 'accepted', ids, idOf: (ref) => jobs.find((job) => job.ref === ref)?.job_id, tries };
}
