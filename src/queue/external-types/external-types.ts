import { Injectable } from '@nestjs/common';
import { DomainError, SharedLook } from '../../common/index.js';
import { Postgres, type Session } from '../../database/index.js';
import type { BackoffPolicy } from '../backoff/backoff-policy.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import type { JsonObject } from '../job.entity.js';
import type { JobType } from '../job-types.js';
import { HOLD_TYPES, SELECT_REVISIONS, SELECT_TYPE, SELECT_TYPES } from './external-types.sql.js';
import { PayloadSchema } from './payload-schema.js';

/** How long (ms) a revision is believed: a change is heeded everywhere within a second. */
const FRESH_MS = 1_000;

/** Checkers that are kept; those of all types that there may be are compiled anew from time to time. */
const MOST_COMPILED = 200;

/** What a declared type may be called. */
export const TYPE_NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** A job type whose jobs external workers run, as it was declared. */
export interface ExternalType {
  readonly type: string;
  readonly queue: string;
  readonly description: string;
  /** Executions; null = no limit. */
  readonly maxAttempts: number | null;
  readonly backoff: BackoffPolicy;
  readonly timeoutSeconds: number;
  /** The JSON Schema of its payloads. */
  readonly schema: JsonObject;
  readonly example: JsonObject;
  /** What is not shown of its payloads and results, as JSON pointers. */
  readonly redact: readonly string[];
}

interface Stored extends ExternalType {
  readonly revision: string;
}

/** What stands where a handler's type has the class of its payloads: the schema says more. */
const ANY_PAYLOAD = Object;

/**
 * The job types that were declared over HTTP. A new one is known at once in every process, because a name that is not
 * known is looked up; a change and an end within a second.
 */
@Injectable()
export class ExternalTypes {
  private readonly compiled = new Map<string, { revision: string; jobType: JobType }>();
  private looks = this.newLooks();

  constructor(private readonly postgres: Postgres) {}

  /** The names of all of them. */
  async names(): Promise<string[]> {
    return [...(await this.looks.read()).keys()];
  }

  /** The type of this name, or undefined; also for names that the database could not even be asked about. */
  async find(name: string): Promise<JobType | undefined> {
    if (!TYPE_NAME.test(name)) return undefined;
    const revision = (await this.looks.read()).get(name);
    const known = this.compiled.get(name);
    if (known && known.revision === revision) return known.jobType;
    const { rows } = await this.postgres.query<Stored>(SELECT_TYPE, [name]);
    return rows[0] && this.remember(rows[0]);
  }

  /** All of them, by name. */
  async all(): Promise<JobType[]> {
    const { rows } = await this.postgres.query<Stored>(SELECT_TYPES);
    return rows.map((row) => this.remember(row));
  }

  /** What was known may have changed, by this process. */
  lookAfresh(): void {
    this.looks = this.newLooks();
  }

  /**
   * Keeps the types of these jobs from being removed before the session's transaction has stored the jobs.
   * @throws DomainError unknown_job_type when one was removed a moment ago
   */
  async hold(session: Session, jobs: readonly ResolvedJob[]): Promise<void> {
    const external = jobs.filter((job) => job.is_external);
    if (external.length === 0) return;
    const wanted = [...new Set(external.map(({ type }) => type))];
    const { rows } = await session.query<{ type: string }>(HOLD_TYPES, [wanted]);
    const there = new Set(rows.map(({ type }) => type));
    const missing = external.find(({ type }) => !there.has(type));
    if (!missing) return;
    const detail = `The job type "${missing.type}" was removed a moment ago: declare it again with PUT /job-types/${missing.type}`;
    throw new DomainError('unknown_job_type', detail, {
      faults: [{ pointer: `${missing.at}/type`, detail, code: 'unknown_job_type' }],
    });
  }

  private newLooks(): SharedLook<ReadonlyMap<string, string>> {
    return new SharedLook(
      async () => {
        const { rows } = await this.postgres.query<{ type: string; revision: string }>(SELECT_REVISIONS);
        return new Map(rows.map(({ type, revision }) => [type, revision]));
      },
      () => FRESH_MS,
    );
  }

  private remember(stored: Stored): JobType {
    const known = this.compiled.get(stored.type);
    if (known?.revision === stored.revision) return known.jobType;
    if (this.compiled.size >= MOST_COMPILED) this.compiled.clear();
    const jobType = toJobType(stored);
    this.compiled.set(stored.type, { revision: stored.revision, jobType });
    return jobType;
  }
}

function toJobType({ revision: _, schema, ...declared }: Stored): JobType {
  const external = new PayloadSchema(declared.type, schema);
  return { ...declared, aliases: [], payload: ANY_PAYLOAD, summary: () => '', external };
}
