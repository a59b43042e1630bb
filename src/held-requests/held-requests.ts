import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Client, clientOfRequest } from '../auth/index.js';
import { DomainError, Tally } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';

/** Requests whose answers wait for something: each kind has places of its own. */
export type HeldKind = 'event streams' | 'waits for results' | 'waits for leases';

/**
 * How often (ms) it is asked whether those who wait may still have their answers. Keys are believed for two seconds:
 * together less than the five that a revocation may take.
 */
const RECHECK_EVERY_MS = 1_500;

const GONE: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);

interface Held {
  readonly kind: HeldKind;
  readonly client: Client;
  /** Called when the client may not have its answer any more. */
  readonly end: () => void;
}

/** Keeps the places of requests that are held: so many for each client, and none for who may not call any more. */
@Injectable()
export class HeldRequests implements OnApplicationShutdown {
  private readonly held = new Set<Held>();
  /** By kind and client. */
  private readonly places = new Tally();
  private timer: NodeJS.Timeout | undefined;
  private isRechecking = false;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * Gives the request under way a place.
   * @param end called when its caller may not have the answer any more: the key was revoked or has expired
   * @returns what gives the place back; undefined when its client has as many as it may
   */
  enter(kind: HeldKind, end: () => void): (() => void) | undefined {
    const client = clientOfRequest();
    if (!client) return () => undefined;
    const place = `${kind} ${client.name}`;
    if (this.places.of(place) >= (this.config.http.limits.maxHeld ?? Infinity)) return undefined;
    this.places.add(place);
    const held = { kind, client, end };
    this.held.add(held);
    if (client.recheck) this.timer ??= setInterval(() => void this.recheck(), RECHECK_EVERY_MS).unref();
    return () => this.leave(held, place);
  }

  /** The same, where there is no other answer than to wait. @throws DomainError too_many_held */
  enterOrRefuse(kind: HeldKind, end: () => void): () => void {
    const leave = this.enter(kind, end);
    if (leave) return leave;
    throw new DomainError(
      'too_many_held',
      `You have ${this.config.http.limits.maxHeld} ${kind} open here, as many as HTTP_MAX_HELD allows: end one of them first`,
      { retryAfterSeconds: 5 },
    );
  }

  /** How many of a kind are held right now. */
  count(kind: HeldKind): number {
    return [...this.held].filter((held) => held.kind === kind).length;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private leave(held: Held, place: string): void {
    if (!this.held.delete(held)) return;
    this.places.take(place);
    if (this.held.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async recheck(): Promise<void> {
    if (this.isRechecking) return;
    this.isRechecking = true;
    await Promise.all([...this.held].map((held) => this.recheckOne(held)));
    this.isRechecking = false;
  }

  /** A database that is away says nothing about a caller: nothing can be told to it meanwhile either. */
  private async recheckOne({ client, end }: Held): Promise<void> {
    try {
      await client.recheck?.();
    } catch (error) {
      if (error instanceof DomainError && GONE.has(error.code)) end();
    }
  }
}
