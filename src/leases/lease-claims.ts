import { Injectable, Logger } from '@nestjs/common';
import { DatabaseClock, messageOf } from '../common/index.js';
import { Postgres } from '../database/index.js';
import { type ClaimedJob, ExternalTypes, QueueService, SUSPECT_AFTER, isSuspect } from '../queue/index.js';
import type { ExternalWorker } from './external-worker.js';
import { SELECT_IN_HAND } from './leases.sql.js';

/** What jobs may run at most (s) that say nothing of it. */
export const LONGEST_TIMEOUT_SECONDS = 86_400;

/** A job that was handed out, and until when. */
export interface LeasedJob {
  readonly job: ClaimedJob;
  readonly expiresAt: Date;
}

/** What a look at a queue brought. */
export interface Claimed {
  readonly leases: readonly LeasedJob[];
  /** There is nothing left for whoever asks for the same. */
  readonly isDrained: boolean;
}

/** What a worker holds, and whether one of that must run alone. */
interface InHand {
  readonly jobs: number;
  readonly isAlone: boolean;
}

const NOTHING: InHand = { jobs: 0, isAlone: false };

/** Claims jobs for external workers: of declared types only, and those that must run alone one at a time. */
@Injectable()
export class LeaseClaims {
  private readonly logger = new Logger('Leases');

  constructor(
    private readonly queue: QueueService,
    private readonly types: ExternalTypes,
    private readonly postgres: Postgres,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * @param seconds how long each job is held
   * @param lookAgain told when (epoch ms, by the database's clock) a limit may have room again
   */
  async claim(
    queue: string,
    worker: ExternalWorker,
    seconds: number,
    lookAgain?: (at: number) => void,
  ): Promise<Claimed> {
    const types = await this.declaredOf(worker);
    if (types.length === 0) return { leases: [], isDrained: true };
    const { jobs: inHand, isAlone } = await this.inHand(worker.id);
    if (isAlone) return { leases: [], isDrained: false };
    const leaseExpiresAt = new Date(this.clock.now() + seconds * 1000);
    const claim = (limit: number, alone: number) =>
      this.queue.claim(queue, limit, { workerId: worker.id, types, alone, leaseExpiresAt, lookAgain });
    const jobs = inHand > 0 ? await claim(worker.max, 0) : await this.claimFirst(worker.max, claim);
    const isDrained = jobs.length === 0 && inHand === 0;
    const held = await this.inTime(jobs, leaseExpiresAt, seconds);
    return { leases: await this.withoutCompany(worker, held), isDrained };
  }

  /** Puts jobs back in line whose lease nobody was told of. Never rejects: what cannot be given back runs out. */
  async giveBack(leases: readonly LeasedJob[]): Promise<void> {
    if (leases.length === 0) return;
    try {
      await this.queue.settle(leases.map(({ job }) => ({ claim: job, outcome: { kind: 'released' } })));
    } catch (error) {
      const ids = leases.map(({ job }) => job.id).join(', ');
      this.logger.warn(
        `Jobs that nobody was given wait for their leases to run out (${ids}): ${messageOf(error)}`,
      );
    }
  }

  /** Two requests of one worker at once both found its hands empty: who sees it gives back what it was given. */
  private async withoutCompany(
    { id }: ExternalWorker,
    leases: readonly LeasedJob[],
  ): Promise<readonly LeasedJob[]> {
    if (leases.length === 0) return leases;
    const { jobs, isAlone } = await this.inHand(id).catch(() => NOTHING);
    if (!isAlone || jobs === 1) return leases;
    await this.giveBack(leases);
    return [];
  }

  /** A type that was declared elsewhere a moment ago is not among the names yet. */
  private async declaredOf({ types }: ExternalWorker): Promise<readonly string[]> {
    const names = new Set(await this.types.names());
    if (!types) return [...names];
    const declared: string[] = [];
    for (const type of types) if (names.has(type) || (await this.types.find(type))) declared.push(type);
    return declared;
  }

  /** A job that must run alone comes alone; whether the next is one is not known before. */
  private async claimFirst(
    max: number,
    claim: (limit: number, alone: number) => Promise<ClaimedJob[]>,
  ): Promise<ClaimedJob[]> {
    const [first] = await claim(1, 1);
    if (!first) return [];
    if (max === 1 || isSuspect(first)) return [first];
    // What is claimed already must be handed out, whatever becomes of the rest.
    return [first, ...(await claim(max - 1, 0).catch(() => []))];
  }

  /** No lease is longer than its job's timeout. */
  private async inTime(
    jobs: readonly ClaimedJob[],
    leaseExpiresAt: Date,
    seconds: number,
  ): Promise<LeasedJob[]> {
    const short = jobs.filter(({ timeout }) => (timeout ?? LONGEST_TIMEOUT_SECONDS) < seconds);
    const cut = short.length > 0 ? await this.queue.extend(short, seconds).catch(() => []) : [];
    const ends = new Map(cut.map(({ id, leaseExpiresAt: end }) => [id, end]));
    return jobs.map((job) => ({ job, expiresAt: ends.get(job.id) ?? leaseExpiresAt }));
  }

  private async inHand(workerId: string): Promise<InHand> {
    const { rows } = await this.postgres.query<InHand>(SELECT_IN_HAND, [workerId, SUSPECT_AFTER]);
    return rows[0] ?? NOTHING;
  }
}
