import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../common/index.js';
import { type ClaimedJob, QueueService, isSuspect } from '../queue/index.js';
import { CircuitBreakers } from './circuits/circuit-breakers.js';
import type { SeenCircuit } from './circuits/circuits.query.js';
import { CircuitsStore } from './circuits/circuits.store.js';
import { HandlerRegistry } from './handler-registry.js';
import { WorkerIdentity } from './worker-identity.js';

/** When (ms) a type is looked at again that somebody probes: its end is told, but not the loss of the prober. */
const PROBE_LOOK_MS = 1_000;

/** When (ms) the jobs of a queue may be tried as probes again, after there was none. */
const NEXT_TRY_MS = 250;

/** What a claim may bring, and whom it tells that there may be more later. */
export interface ClaimLimits {
  readonly limit: number;
  /** How many of them can start at once: queues with limits give no more. */
  readonly free: number;
  /** How many of them may be jobs that must run alone. */
  readonly alone: number;
  /** Jobs were left in line that may start at this time (epoch ms, the database's clock). */
  readonly lookAgain: (at: number) => void;
}

/** Claims jobs for this worker: of the types it has handlers for, as far as their circuits let them start. */
@Injectable()
export class WorkerClaims {
  private types: readonly string[] | undefined;
  /** By queue and type, when (epoch ms) the queue had no job to probe with. */
  private readonly fruitless = new Map<string, number>();

  constructor(
    private readonly queue: QueueService,
    private readonly handlers: HandlerRegistry,
    private readonly identity: WorkerIdentity,
    private readonly circuits: CircuitBreakers,
    private readonly store: CircuitsStore,
    private readonly clock: DatabaseClock,
  ) {}

  async claim(queue: string, limits: ClaimLimits): Promise<ClaimedJob[]> {
    this.types ??= this.handlers.handledTypes();
    if (this.circuits.guardedTypes.length === 0) return this.claimOf(this.types, queue, limits);
    const held = await this.circuits.notClosed();
    if (held.size === 0) return this.claimOf(this.types, queue, limits);
    const others = this.types.filter((type) => !held.has(type));
    const claimed: ClaimedJob[] = [];
    try {
      for (const [type, circuit] of held) {
        const room = withRoomLeft(limits, claimed);
        if (room.limit > 0) claimed.push(...(await this.probesOf(type, circuit, queue, room)));
      }
      const room = withRoomLeft(limits, claimed);
      if (room.limit > 0) claimed.push(...(await this.claimOf(others, queue, room)));
    } catch (error) {
      // What is claimed already must be run, whatever becomes of the rest.
      if (claimed.length === 0) throw error;
    }
    return claimed;
  }

  /** Circuits may have changed elsewhere. */
  lookAfresh(): void {
    this.circuits.lookAfresh();
    this.fruitless.clear();
  }

  private async claimOf(types: readonly string[], queue: string, limits: ClaimLimits): Promise<ClaimedJob[]> {
    if (types.length === 0) return [];
    const { limit, free, alone, lookAgain } = limits;
    return this.queue.claim(queue, limit, { workerId: this.identity.id, types, alone, free, lookAgain });
  }

  /** The one job with which the circuit of a type is tried, if it is time for that and the queue has one. */
  private async probesOf(
    type: string,
    circuit: SeenCircuit,
    queue: string,
    limits: ClaimLimits,
  ): Promise<ClaimedJob[]> {
    const now = this.clock.now();
    const nextTryAt = this.nextTryAt(type, circuit, queue, now);
    if (nextTryAt > now) {
      limits.lookAgain(nextTryAt);
      return [];
    }
    const token = await this.store.takeProbe(type);
    this.circuits.lookAfresh();
    if (token !== undefined) return this.startProbe(type, token, queue, { ...limits, limit: 1 });
    limits.lookAgain(now + NEXT_TRY_MS);
    return [];
  }

  private nextTryAt(type: string, circuit: SeenCircuit, queue: string, now: number): number {
    const { state, until, mayProbe } = circuit;
    if (state === 'half_open' && !mayProbe) return now + PROBE_LOOK_MS;
    const fruitlessAt = this.fruitless.get(placeOf(queue, type)) ?? -Infinity;
    return Math.max(fruitlessAt + NEXT_TRY_MS, mayProbe ? now : (until?.getTime() ?? now));
  }

  private async startProbe(
    type: string,
    token: string,
    queue: string,
    limits: ClaimLimits,
  ): Promise<ClaimedJob[]> {
    const [job] = await this.claimOf([type], queue, limits).catch(async (error: unknown) => {
      await this.store.releaseProbe(type, token);
      throw error;
    });
    if (!job) {
      this.fruitless.set(placeOf(queue, type), this.clock.now());
      await this.store.releaseProbe(type, token);
      return [];
    }
    const probe = { jobId: job.id, attempt: job.attempts };
    if (await this.store.startProbe(type, token, probe).catch(() => false)) {
      this.circuits.noteProbe(job);
      return [job];
    }
    // It took too long, and somebody else may probe by now.
    await this.queue.settle([{ claim: job, outcome: { kind: 'released' } }]);
    return [];
  }
}

function placeOf(queue: string, type: string): string {
  return `${queue} ${type}`;
}

function withRoomLeft(limits: ClaimLimits, claimed: readonly ClaimedJob[]): ClaimLimits {
  const { limit, free, alone } = limits;
  const left = { limit: limit - claimed.length, free: Math.max(0, free - claimed.length) };
  return { ...limits, ...left, alone: alone - claimed.filter(isSuspect).length };
}
