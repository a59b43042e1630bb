import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, Repository } from 'typeorm';
import { parseMoment } from '../common/http/index.js';
import { Job } from '../queue/index.js';
import { type Position, decodePosition, encodePosition } from './dead-letter-cursor.js';
import { SELECT_DEAD_LETTERS, SELECT_DEAD_LETTERS_ALIKE } from './dead-letters.sql.js';
import type { ListDeadLettersRequest } from './list-dead-letters.dto.js';

const DEFAULT_LIMIT = 50;

/** Failed jobs looked at in one statement when a filter has no index of its own. */
const STRETCH = 5_000;

/** Whoever asks has an answer within 2 s: after this time no further stretch is begun. */
const SEARCH_MS = 1_000;

/** A page of failed jobs. */
interface DeadLetterPage {
  readonly jobs: readonly Job[];
  readonly nextCursor: string | null;
  readonly incomplete: boolean;
}

interface Found extends Position {
  readonly isEnd: boolean;
}

/** Reads the jobs that failed for good. */
@Injectable()
export class DeadLettersQuery {
  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @InjectRepository(Job) private readonly jobs: Repository<Job>,
  ) {}

  /** A page of failed jobs, the latest failure first. */
  async list(request: ListDeadLettersRequest): Promise<DeadLetterPage> {
    const { limit = DEFAULT_LIMIT, cursor } = request;
    const deadline = performance.now() + SEARCH_MS;
    const found: Position[] = [];
    let position = cursor === undefined ? undefined : decodePosition(cursor);
    do {
      const rows = await this.stretch(request, position, limit + 1 - found.length);
      found.push(...rows.filter((row) => !row.isEnd));
      position = rows.find((row) => row.isEnd);
    } while (position && found.length <= limit && performance.now() < deadline);
    const page = found.slice(0, limit);
    const goOn = found.length > limit ? page.at(-1) : position;
    return {
      jobs: await this.inOrder(page.map((row) => row.id)),
      nextCursor: goOn ? encodePosition(goOn) : null,
      incomplete: found.length <= limit && goOn !== undefined,
    };
  }

  private stretch(
    request: ListDeadLettersRequest,
    from: Position | undefined,
    limit: number,
  ): Promise<Found[]> {
    const { type = null, queue = null, fingerprint, failed_after: after, failed_before: before } = request;
    const length = type === null && queue === null ? limit : STRETCH;
    const bounds = [after, before].map((text) => (text === undefined ? null : parseMoment(text)));
    const values = [from?.at ?? null, from?.id ?? null, ...bounds, type, queue, length, limit];
    return fingerprint === undefined
      ? this.source.query<Found[]>(SELECT_DEAD_LETTERS, values)
      : this.source.query<Found[]>(SELECT_DEAD_LETTERS_ALIKE, [...values, fingerprint]);
  }

  /** Those that have been retried in this moment are left out. */
  private async inOrder(ids: readonly string[]): Promise<Job[]> {
    const jobs = await this.jobs.findBy({ id: In([...ids]), status: 'FAILED' });
    const byId = new Map(jobs.map((job) => [job.id, job]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}
