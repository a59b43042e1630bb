import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import type { ResolvedJob } from '../enqueue/new-job.js';
import type { Job } from '../job.entity.js';
import { KeyBook, type KeyClaim, type KeyDecision, keyId, keysOf } from '../keys/key-book.js';
import { ASKING_AGAIN } from '../keys/keys.js';
import { JobMemory, type MemoryKey } from './memory.js';

/** What the keys of a call mean. */
export interface KeyPlan {
  /** One for each job of the call. */
  readonly decisions: readonly KeyDecision[];
  /** The jobs that decisions name, as far as they were there before; discarded ones included. */
  readonly holders: ReadonlyMap<string, Job>;
  /** Writes down who has which key now. */
  readonly commit: () => void;
}

/** Idempotency keys and unique keys, decided by the same book as those in the database. */
@Injectable()
export class MemoryKeys {
  constructor(
    private readonly memory: JobMemory,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws DomainError idempotency_key_reused, job_already_exists; nothing has been written then */
  plan(jobs: readonly ResolvedJob[]): KeyPlan {
    const claims = jobs.map((job) => keysOf(job, this.config.jobs.idempotencySeconds));
    const { keys, holders, book } = this.open(claims.flat());
    const decisions = jobs.map((job, index) => book.decide(job, claims[index] ?? []));
    return { decisions, holders, commit: () => this.write(keys, book.changes()) };
  }

  /**
   * Takes again the unique key of a job that is to run once more. Answers with the job that has it, if another does.
   */
  retake({ id, uniqueKey, uniqueWhile }: Job): string | undefined {
    if (uniqueKey === null) return undefined;
    const asked = { kind: 'unique', key: uniqueKey, owner: '', fingerprint: null, seconds: null } as const;
    const claim: KeyClaim = { ...asked, job_id: id, held_while: uniqueWhile };
    const { keys, book } = this.open([claim]);
    if (keys[0]?.jobId === id) {
      this.write(keys, []);
      return undefined;
    }
    const decision = book.decide({ ...ASKING_AGAIN, id }, [claim]);
    if (decision.kind !== 'new') return decision.jobId;
    this.write(keys, book.changes());
    return undefined;
  }

  /** Idempotency keys go on answering for a job that is discarded. */
  outlive(job: Job): void {
    const purgedJob = Object.assign({}, job, { payload: {}, result: null });
    for (const [id, key] of this.memory.keys)
      if (key.jobId === job.id && key.kind === 'idempotency') this.memory.keys.set(id, { ...key, purgedJob });
  }

  private open(claims: readonly KeyClaim[]) {
    const now = this.memory.now.getTime();
    const distinct = new Map<string, MemoryKey>();
    for (const claim of claims) {
      const id = keyId(claim);
      if (!distinct.has(id)) distinct.set(id, this.memory.keys.get(id) ?? this.keyOf(claim));
    }
    const keys = [...distinct.values()];
    const purged = keys.flatMap(({ purgedJob }) => (purgedJob ? [purgedJob] : []));
    const found = this.memory.find(keys.map(({ jobId }) => jobId));
    const holders = new Map([...purged, ...found].map((job) => [job.id, job]));
    const taken = keys.map((key) => ({ ...key, isFresh: key.expiresAt !== null && key.expiresAt > now }));
    const book = new KeyBook(taken, holders, new Set(purged.map(({ id }) => id)), now);
    return { keys, holders, book };
  }

  private write(keys: readonly MemoryKey[], changes: readonly KeyClaim[]): void {
    for (const key of keys) this.memory.keys.set(keyId(key), key);
    for (const claim of changes) this.memory.keys.set(keyId(claim), this.keyOf(claim));
  }

  private keyOf({ kind, key, owner, job_id, fingerprint, held_while, seconds }: KeyClaim): MemoryKey {
    const expiresAt = seconds === null ? null : this.memory.now.getTime() + seconds * 1000;
    return {
      kind,
      key,
      owner,
      jobId: job_id,
      fingerprint,
      heldWhile: held_while,
      expiresAt,
      purgedJob: null,
    };
  }
}
