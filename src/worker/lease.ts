import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import type { Session } from '../database/index.js';
import { WorkerIdentity } from './worker-identity.js';
import { fenceAfterMs } from './silence.js';
import { LEASE_CLASS, RENEW_LEASE, TRY_LEASE } from './workers.sql.js';

/**
 * What tells others that this worker lives. While it runs, its direct connection holds a lock, which PostgreSQL drops
 * the moment the process dies. A worker that is frozen or cut off is given up by its silence; it knows that itself,
 * and a little earlier.
 */
@Injectable()
export class Lease {
  private readonly logger = new Logger(Lease.name);
  private readonly fenceMs: number;
  private key: number | undefined;
  private holder: Session | undefined;
  /** When (monotonic, ms) the last sign of life that arrived was sent. */
  private signedAt = 0;
  private fence: NodeJS.Timeout | undefined;
  private onLost: (() => void) | undefined;

  constructor(
    private readonly identity: WorkerIdentity,
    @Inject(CONFIG) { worker }: Config,
  ) {
    this.fenceMs = fenceAfterMs(worker.deadAfterSeconds);
  }

  /** @param onLost called when nothing was heard of this worker for so long that others are about to take its jobs */
  start(onLost: () => void): void {
    this.onLost = onLost;
    this.setFence();
  }

  stop(): void {
    this.onLost = undefined;
    clearTimeout(this.fence);
  }

  /** The worker has entered the list of workers, perhaps anew, under this key. */
  enter(key: number): void {
    if (key !== this.key) this.holder = undefined;
    this.key = key;
  }

  /** A sign of life that was sent at this time (monotonic, ms) has arrived. */
  renew(sentAt: number): void {
    if (sentAt <= this.signedAt) return;
    this.signedAt = sentAt;
    this.setFence();
  }

  /** Takes the lock, where this connection does not hold it yet, and says so. To be called from time to time. */
  async keep(session: Session): Promise<void> {
    const sentAt = performance.now();
    if (this.key === undefined || !(await this.hold(session, this.key))) return;
    await session.query(RENEW_LEASE, [this.identity.id]);
    this.renew(sentAt);
  }

  /** An earlier connection that is half dead may still hold the lock: that serves as well, for as long as it does. */
  private async hold(session: Session, key: number): Promise<boolean> {
    if (this.holder === session) return true;
    const { rows } = await session.query<{ isOurs: boolean }>(TRY_LEASE, [LEASE_CLASS, key]);
    if (!rows[0]?.isOurs) return false;
    this.holder = session;
    return true;
  }

  private setFence(): void {
    clearTimeout(this.fence);
    if (!this.onLost) return;
    const left = this.signedAt + this.fenceMs - performance.now();
    this.fence = setTimeout(() => this.lose(), Math.max(0, left));
  }

  private lose(): void {
    this.logger.error(
      `This worker has not reached the database for ${Math.round(this.fenceMs / 1000)} s: it aborts its jobs, before others take them over`,
    );
    this.onLost?.();
  }
}
