import { type EventSourceMessage, createParser } from 'eventsource-parser';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../cli.error.js';
import type { JobAnswer } from './answers.js';
import type { News } from './news.js';
import { waitAfter } from './patiently.js';
import { pollJob } from './poll-job.js';
import { RefusedError } from './refused.error.js';
import { type Service, pathOf } from './service.js';
import { UnreachableError } from './transport.js';

/** A stream tells every 15 s that it lives; one that is silent for so long (ms) does not. */
const SILENCE_MS = 40_000;

/** For how long (ms) a stream that was cut is tried again before it is given up. */
const PATIENCE_MS = 120_000;

/** Streams that broke off without a word, after which the job is asked for instead: something between keeps them back. */
const MOST_FRUITLESS = 2;

/** What is told of the way the news come. */
export interface Followed {
  /** The connection was lost, and is tried again. */
  onCut(): void;
}

/**
 * All that has happened to a job and what happens to it, until it has ended: by its stream of events, which goes on where
 * it was cut, or by asking again and again where there can be none.
 * @throws CliError when the service refuses, or stays away for two minutes
 */
export async function* followJob(
  service: Service,
  jobId: string,
  { onCut }: Followed,
): AsyncGenerator<News, void> {
  const following = new Following(service, jobId);
  let heardAt = performance.now();
  for (let failures = 0; following.fruitless < MOST_FRUITLESS; failures++) {
    try {
      for await (const news of following.stream()) {
        [failures, heardAt] = [0, performance.now()];
        yield news;
        if (news.event === 'end') return;
      }
      if (following.cannotStream) break;
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'too_many_streams') break;
      if (error instanceof CliError && waitAfter(error, failures) === undefined) throw error;
      if (performance.now() - heardAt > PATIENCE_MS) throw error;
      if (failures === 0) onCut();
      await pause(waitAfter(error, failures) ?? 0);
    }
  }
  yield* pollJob(service, jobId, following.cursor);
}

/** The streams of one job, each going on where the one before has ended. */
class Following {
  fruitless = 0;
  cannotStream = false;
  private lastId = '';

  constructor(
    private readonly service: Service,
    private readonly jobId: string,
  ) {}

  /** The last event and the last log line that have come. */
  get cursor(): { event: number | undefined; log: number | undefined } {
    const [event, log] = this.lastId === '' ? [] : this.lastId.split('.').map(Number);
    return { event, log };
  }

  async *stream(): AsyncGenerator<News, void> {
    const headers = { Accept: 'text/event-stream', ...(this.lastId && { 'Last-Event-ID': this.lastId }) };
    const response = await this.service.stream(pathOf`/jobs/${this.jobId}/events`, headers, SILENCE_MS);
    if (response.statusCode === 204) {
      yield await this.end();
      return;
    }
    this.cannotStream = !response.headers['content-type']?.startsWith('text/event-stream');
    if (this.cannotStream) {
      response.resume();
      return;
    }
    this.fruitless += 1;
    yield* this.messagesOf(response);
  }

  private async *messagesOf(response: IncomingMessage): AsyncGenerator<News, void> {
    const messages: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (message) => messages.push(message) });
    response.setEncoding('utf8');
    try {
      for await (const chunk of response) {
        parser.feed(chunk as string);
        for (const { event = 'message', data, id } of messages.splice(0)) {
          this.fruitless = 0;
          this.lastId = id ?? this.lastId;
          yield { event, data: JSON.parse(data) as News['data'] };
        }
      }
    } catch (error) {
      throw new CutError(error);
    }
    throw new CutError();
  }

  private async end(): Promise<News> {
    const { job_id, status } = await this.service.get<JobAnswer>(pathOf`/jobs/${this.jobId}`);
    return { event: 'end', data: { job_id, status } };
  }
}

/** A stream broke off. */
class CutError extends UnreachableError {
  constructor(cause?: unknown) {
    super('The stream of events broke off, and could not be had again.', cause);
  }
}
