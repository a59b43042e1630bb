import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DomainError } from '../../common/index.js';
import { HeldRequests } from '../../held-requests/index.js';
import { JobWatch } from '../watch/job-watch.js';
import { ChunkStream } from './chunk-stream.js';
import { EventStream, type StreamTiming } from './event-stream.js';
import { NewsQuery } from './news.query.js';
import { START, type StreamCursor } from './stream-cursor.js';

/** What streams go by. */
export interface StreamSettings extends StreamTiming {
  /** Streams a process serves at once. */
  readonly most: number;
}

export const STREAM_SETTINGS = Symbol('stream settings');

export const streamSettings: StreamSettings = {
  heartbeatMs: 15_000,
  retryMs: 1_000,
  lifeMs: 3_600_000,
  most: 1_000,
};

/** Opens streams of a job's events. */
@Injectable()
export class EventStreams {
  private open = 0;

  constructor(
    private readonly news: NewsQuery,
    private readonly watch: JobWatch,
    @Inject(STREAM_SETTINGS) private readonly settings: StreamSettings,
    private readonly held: HeldRequests,
  ) {}

  /**
   * A job's events from the cursor on, or all of them.
   * @returns undefined when somebody who comes back has had it all and the job has ended
   * @throws DomainError too_many_streams, too_many_held
   */
  async of(jobId: string, cursor?: StreamCursor): Promise<Readable | undefined> {
    if (cursor && (await this.hasHadAll(jobId, cursor))) return undefined;
    if (this.open >= this.settings.most) {
      throw new DomainError(
        'too_many_streams',
        `This server follows ${this.open} jobs already: try again shortly, or read the events as JSON`,
        { retryAfterSeconds: 5 },
      );
    }
    const stream = new EventStream(jobId, cursor ?? START, this.news, this.watch, this.settings);
    const leave = this.held.enterOrRefuse('event streams', () => stream.stop());
    this.open += 1;
    return new ChunkStream(stream.chunks(), () => {
      this.open -= 1;
      leave();
      stream.stop();
    });
  }

  private async hasHadAll(jobId: string, cursor: StreamCursor): Promise<boolean> {
    const { isLast, events, logs } = await this.news.ofJob(jobId, cursor);
    return isLast && events.length === 0 && logs.length === 0;
  }
}
