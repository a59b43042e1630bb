import { DomainError } from '../../common/index.js';
import { isFinal } from '../job-status.js';
import type { Job, UniqueWhile } from '../job.entity.js';
import type { ResolvedJob } from '../enqueue/new-job.js';

/** A key as a submission asks for it, or gives it to a job. */
export interface KeyClaim {
  readonly kind: 'idempotency' | 'unique';
  readonly key: string;
  /** Keys of different callers have nothing to do with each other; unique keys belong to everybody. */
  readonly owner: string;
  readonly job_id: string;
  readonly fingerprint: string | null;
  readonly held_while: UniqueWhile | null;
  /** How long the key is kept. */
  readonly seconds: number | null;
}

/** A key as this transaction holds it. */
export interface TakenKey {
  readonly kind: KeyClaim['kind'];
  readonly key: string;
  readonly owner: string;
  readonly jobId: string;
  readonly fingerprint: string | null;
  readonly heldWhile: UniqueWhile | null;
  /** Its time has not passed. */
  readonly isFresh: boolean;
}

/** What its keys decide for a job. */
export type KeyDecision =
  | { readonly kind: 'new' }
  /** Another job answers for it; `replayed` = the same request under the same idempotency key. */
  | { readonly kind: 'existing'; readonly jobId: string; readonly replayed: boolean }
  /** A waiting job takes over what this one brings. */
  | { readonly kind: 'replace'; readonly jobId: string };

type Holder = Pick<Job, 'id' | 'status' | 'attempts' | 'createdAt'>;

interface Entry {
  readonly taken: TakenKey;
  /** The job that has the key now, once a job of this call got it. */
  given?: KeyClaim;
}

/** The keys a job asks for. */
export function keysOf(job: ResolvedJob, idempotencySeconds: number): KeyClaim[] {
  const { id: job_id, idempotency_key, unique_key, fingerprint } = job;
  const keys: KeyClaim[] = [];
  if (idempotency_key !== null) {
    const owner = job.created_by ?? '';
    keys.push({
      kind: 'idempotency',
      key: idempotency_key,
      owner,
      job_id,
      fingerprint,
      held_while: null,
      seconds: idempotencySeconds,
    });
  }
  if (unique_key !== null) {
    const { unique_while: held_while, unique_seconds: seconds } = job;
    keys.push({ kind: 'unique', key: unique_key, owner: '', job_id, fingerprint: null, held_while, seconds });
  }
  return keys;
}

/** Identifies a key. */
export function keyId({ kind, key, owner }: Pick<KeyClaim, 'kind' | 'key' | 'owner'>): string {
  return JSON.stringify([kind, key, owner]);
}

/** Whether a job was never claimed and may still be. */
export function isWaitingUnclaimed({ status, attempts }: Pick<Job, 'status' | 'attempts'>): boolean {
  return attempts === 0 && (status === 'PENDING' || status === 'BLOCKED');
}

/**
 * Decides, job after job, what the keys they ask for mean. Pure: the keys are taken and their holders read before,
 * and what changed hands is written after.
 */
export class KeyBook {
  private readonly entries: Map<string, Entry>;

  /**
   * @param holders the jobs that the keys name and that exist, purged ones included
   * @param now the database's time, epoch ms
   */
  constructor(
    taken: readonly TakenKey[],
    private readonly holders: ReadonlyMap<string, Holder>,
    private readonly purged: ReadonlySet<string>,
    private readonly now: number,
  ) {
    this.entries = new Map(taken.map((key) => [keyId(key), { taken: key }]));
  }

  /** @throws DomainError idempotency_key_reused, job_already_exists */
  decide(job: ResolvedJob, claims: readonly KeyClaim[]): KeyDecision {
    const idempotency = claims.find((claim) => claim.kind === 'idempotency');
    const unique = claims.find((claim) => claim.kind === 'unique');
    const replay = idempotency && this.replayOf(job, idempotency);
    if (replay) return replay;
    const decision = unique ? this.decideUnique(job, unique) : ({ kind: 'new' } as const);
    if (idempotency) this.give({ ...idempotency, job_id: decision.kind === 'new' ? job.id : decision.jobId });
    return decision;
  }

  /** The keys whose row is to be written anew. */
  changes(): KeyClaim[] {
    return [...this.entries.values()].flatMap(({ taken, given }) =>
      given && (given.job_id !== taken.jobId || this.isKnown(taken.jobId)) ? [given] : [],
    );
  }

  private replayOf(job: ResolvedJob, claim: KeyClaim): KeyDecision | undefined {
    const { taken, given } = this.entryOf(claim);
    const holderId = given?.job_id ?? this.idempotencyHolder(taken);
    if (holderId === undefined) return undefined;
    if ((given ?? taken).fingerprint !== claim.fingerprint) throw reused(job, holderId);
    return { kind: 'existing', jobId: holderId, replayed: true };
  }

  /** A key outlives its job until its time has passed, and its time as long as the job is there. */
  private idempotencyHolder({ jobId, isFresh }: TakenKey): string | undefined {
    if (!this.isKnown(jobId)) return undefined;
    return this.purged.has(jobId) && !isFresh ? undefined : jobId;
  }

  private decideUnique(job: ResolvedJob, claim: KeyClaim): KeyDecision {
    const holder = this.uniqueHolder(claim);
    if (!holder) {
      this.give(claim);
      return { kind: 'new' };
    }
    if (job.on_conflict === 'reject') throw alreadyExists(job, holder);
    const replaces = job.on_conflict === 'replace' && isWaitingUnclaimed(holder);
    return replaces
      ? { kind: 'replace', jobId: holder.id }
      : { kind: 'existing', jobId: holder.id, replayed: false };
  }

  private uniqueHolder(claim: KeyClaim): Holder | undefined {
    const { taken, given } = this.entryOf(claim);
    if (given) return { id: given.job_id, status: 'PENDING', attempts: 0, createdAt: new Date(this.now) };
    const holder = this.holders.get(taken.jobId);
    if (!holder || this.purged.has(taken.jobId)) return undefined;
    return this.holdsByItsOwnTerms(holder, taken) || this.holdsByTermsOf(claim, holder) ? holder : undefined;
  }

  private holdsByItsOwnTerms(holder: Holder, { heldWhile, isFresh }: TakenKey): boolean {
    return heldWhile === 'seconds' ? isFresh : holdsWhile(heldWhile, holder);
  }

  /** Who asks for more than the holder had asked for gets it. */
  private holdsByTermsOf({ held_while, seconds }: KeyClaim, holder: Holder): boolean {
    if (held_while !== 'seconds') return holdsWhile(held_while, holder);
    return holder.createdAt.getTime() + (seconds ?? 0) * 1000 > this.now;
  }

  private give(claim: KeyClaim): void {
    this.entryOf(claim).given = claim;
  }

  private isKnown(jobId: string): boolean {
    return this.holders.has(jobId);
  }

  private entryOf(claim: KeyClaim): Entry {
    const entry = this.entries.get(keyId(claim));
    if (!entry) throw new Error(`The key ${claim.key} was not taken`);
    return entry;
  }
}

function holdsWhile(held: UniqueWhile | null, holder: Holder): boolean {
  return held === 'unfinished' ? !isFinal(holder.status) : isWaitingUnclaimed(holder);
}

function reused({ at }: ResolvedJob, jobId: string): DomainError {
  const detail = `This idempotency key was used for another request, which made job ${jobId}: use a new key`;
  return new DomainError('idempotency_key_reused', detail, {
    members: { job_id: jobId },
    faults: [{ pointer: `${at}/idempotency_key`, detail, code: 'idempotency_key_reused' }],
  });
}

function alreadyExists({ at }: ResolvedJob, { id, status }: Holder): DomainError {
  const detail = `Job ${id} holds this unique key and is ${status}: wait for it, or ask with on_conflict "return" or "replace"`;
  return new DomainError('job_already_exists', detail, {
    members: { existing_job_id: id, job_status: status },
    faults: [{ pointer: `${at}/unique`, detail, code: 'job_already_exists' }],
  });
}
