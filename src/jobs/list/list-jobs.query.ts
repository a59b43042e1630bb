import { Inject, Injectable } from '@nestjs/common';
import { Gate } from '../../common/index.js';
import { Postgres, isQueryCanceled } from '../../database/index.js';
import { type Job, Redactions, SELECT_JOBS } from '../../queue/index.js';
import type { ListJobsRequest } from '../list-jobs.dto.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { type JobFilter, toJobFilter } from './job-filter.js';
import { JobWalk } from './job-walk.js';
import { SELECT_KEY_HOLDERS } from './list.sql.js';
import { parseSearch } from './search.js';

const DEFAULT_LIMIT = 50;

/** Searches of one process at once: each may keep a connection busy all the time. */
const MOST_SEARCHES = 2;

/** How long (ms) a list may take whose filter no index answers. */
export const SEARCH_MS = Symbol('search ms');
export const searchMs = 1_900;

/** A page of jobs, the newest first. */
export interface JobPage {
  readonly jobs: Job[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
  /** The time was over before the page was full: there may be more, from the cursor on. */
  readonly incomplete: boolean;
}

/**
 * Lists jobs. From the newest to the oldest, nothing that was accepted before the first page can be missed, although
 * ids are made a little before they are committed: what commits later lies at the beginning, which the walk has left.
 */
@Injectable()
export class ListJobsQuery {
  private readonly searches = new Gate(MOST_SEARCHES);

  constructor(
    private readonly postgres: Postgres,
    private readonly redactions: Redactions,
    @Inject(SEARCH_MS) private readonly searchMs: number,
  ) {}

  /** @throws DomainError invalid_cursor, validation_failed when it looks for what is not shown */
  async page(request: ListJobsRequest): Promise<JobPage> {
    const limit = request.limit ?? DEFAULT_LIMIT;
    await this.redactions.refuseSearch(request.type, searchedPaths(request));
    const filter = await this.filterOf(request);
    const walk = new JobWalk(
      filter,
      request.cursor === undefined ? undefined : decodeCursor(request.cursor),
      limit + 1,
    );
    if (filter.conditions.length === 0) await walk.go(this.postgres);
    else await this.search(walk);
    const jobs = await this.load(walk.ids.slice(0, limit));
    if (walk.ids.length > limit)
      return { jobs, nextCursor: encodeCursor(walk.ids[limit - 1]), incomplete: false };
    if (walk.isAtEnd) return { jobs, nextCursor: null, incomplete: false };
    return { jobs, nextCursor: encodeCursor(walk.last), incomplete: walk.ids.length < limit };
  }

  private async filterOf(request: ListJobsRequest): Promise<JobFilter> {
    const { idempotency_key: key } = request;
    if (key === undefined) return toJobFilter(request);
    const { rows } = await this.postgres.query<{ id: string }>(SELECT_KEY_HOLDERS, [key]);
    return toJobFilter(
      request,
      rows.map((row) => row.id),
    );
  }

  /** Goes as far as it comes in the time there is. */
  private async search(walk: JobWalk): Promise<void> {
    const deadline = performance.now() + this.searchMs;
    const inTime = () => this.postgres.transaction((session) => walk.goUntil(deadline, session));
    await this.searches.pass(AbortSignal.timeout(this.searchMs), inTime).catch(unlessOutOfTime);
  }

  private async load(ids: readonly string[]): Promise<Job[]> {
    if (ids.length === 0) return [];
    const { rows } = await this.postgres.query<Job>(SELECT_JOBS, [ids]);
    const byId = new Map(rows.map((job) => [job.id, job]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}

/** What a search looks at in payloads and results. */
function searchedPaths({ q }: ListJobsRequest): (readonly string[])[] {
  const parsed = q === undefined ? { terms: [] } : parseSearch(q);
  return 'terms' in parsed ? parsed.terms.flatMap((term) => (term.in === 'error' ? [] : [term.path])) : [];
}

function unlessOutOfTime(error: unknown): void {
  const hadNoTurn = error instanceof DOMException && error.name === 'TimeoutError';
  if (!hadNoTurn && !isQueryCanceled(error)) throw error;
}
