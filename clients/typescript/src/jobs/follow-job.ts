import { ConnectionError } from '../errors.js';
import type { Api } from '../transport/api.js';
import { bounded } from '../transport/bounded.js';
import { pause } from '../transport/pause.js';
import { waitAfter } from '../transport/retrying.js';
import { EventStreamParser } from './event-stream.js';
import { type JobNews, newsIn } from './job-news.js';
import { PATIENCE_MS } from './wait-for-job.js';

/** A stream tells every 15 s that it lives; one that is silent for so long (ms) does not. */
const SILENCE_MS = 40_000;

/** Where to begin, and when to stop. */
export interface FollowOptions {
  /** The `cursor` of the last news that are known already; otherwise from the beginning. */
  readonly after?: string | undefined;
  /** Ends the following; the loop then throws the signal's reason. The job goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws ProblemError @throws ConnectionError when it cannot be had for two minutes @throws the signal's reason */
export async function* followJob(
  api: Api,
  jobId: string,
  { after = '', signal }: FollowOptions,
): AsyncGenerator<JobNews, void> {
  const stream = new JobStream(api, jobId, after);
  for (let failures = 1; ; failures++) {
    try {
      for await (const news of stream.read(signal)) {
        yield news;
        if (news.kind === 'end') return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (stream.hasLived) failures = 1;
      const wait = waitAfter(error, failures);
      if (wait === undefined || stream.silentMs > PATIENCE_MS) throw error;
      await pause(Math.max(wait, stream.retryMs), signal);
    }
  }
}

/** The streams of one job, each going on where the one before has ended. */
class JobStream {
  /** Whether anything has come since the latest beginning. */
  hasLived = false;
  retryMs = 0;
  private failingSince: number | undefined;

  constructor(
    private readonly api: Api,
    private readonly jobId: string,
    private cursor: string,
  ) {}

  /** For how long (ms) nothing could be had. */
  get silentMs(): number {
    this.failingSince ??= performance.now();
    return performance.now() - this.failingSince;
  }

  /** Ends by an error, unless the last news are that the job has ended. */
  async *read(outer: AbortSignal | undefined): AsyncGenerator<JobNews, void> {
    this.hasLived = false;
    const following = bounded(outer, undefined);
    try {
      const response = await this.open(following.signal);
      if (response.status === 204) yield await this.end(outer);
      else yield* this.newsOf(response);
    } finally {
      following.release();
      following.abort();
    }
  }

  private open(signal: AbortSignal): Promise<Response> {
    return this.api.open(
      'GET /jobs/{job_id}/events',
      {
        path: { job_id: this.jobId },
        header: this.cursor === '' ? {} : { 'Last-Event-ID': this.cursor },
      },
      { signal, retries: 0, headers: { accept: 'text/event-stream' } },
    );
  }

  private async *newsOf(response: Response): AsyncGenerator<JobNews, void> {
    if (!response.headers.get('content-type')?.startsWith('text/event-stream') || response.body === null)
      throw new ConnectionError(
        'The answer is no stream of events: something between does not let it through.',
      );
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) throw new ConnectionError('The stream of events broke off.');
      this.hasLived = true;
      this.failingSince = undefined;
      const messages = parser.feed(decoder.decode(value, { stream: true }));
      this.retryMs = parser.retryMs ?? this.retryMs;
      for (const message of messages) {
        this.cursor = message.lastEventId || this.cursor;
        yield newsIn({ ...message, lastEventId: this.cursor });
      }
    }
  }

  private async end(signal: AbortSignal | undefined): Promise<JobNews> {
    const { job_id, status } = await this.api.request(
      'GET /jobs/{job_id}',
      { path: { job_id: this.jobId } },
      { signal },
    );
    return { kind: 'end', cursor: this.cursor, job_id, status };
  }
}

/** @throws ConnectionError when nothing comes for too long, or the connection breaks */
async function inTime<Result>(reading: Promise<Result>): Promise<Result> {
  let clock: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    clock = setTimeout(() => {
      reject(new ConnectionError(`The stream of events was silent for ${SILENCE_MS} ms.`));
    }, SILENCE_MS);
  });
  try {
    return await Promise.race([reading, silence]);
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    throw new ConnectionError('The stream of events broke off.', { cause: error });
  } finally {
    clearTimeout(clock);
  }
}
