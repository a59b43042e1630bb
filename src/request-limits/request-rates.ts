import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hash } from 'node:crypto';
import { DomainError, Recent } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Buckets, type Level } from './buckets.js';
import { ClientAddresses } from './client-addresses.js';

/** Callers whose way of showing who they are is remembered. */
const MOST_PROVEN = 10_000;

/** Where a request keeps whom it is counted against: a map would have to be cleared of thousands a second. */
const CHARGE = Symbol('charge');

type Counted = FastifyRequest & { [CHARGE]?: Charge };

/** Whom a request is counted against. */
interface Charge {
  readonly address: string;
  /** Undefined = the address, as long as nobody knows who calls. */
  caller: string | undefined;
}

/**
 * How many requests clients may send. A caller counts by name wherever it calls from; whoever is not known counts by
 * address, also while it is being found out who it is: guessing keys, and making us look them up, is limited that way.
 * A caller who was recognised before counts by name from the start, so that strangers behind the same address cannot use
 * up what it needs. Per process.
 */
@Injectable()
export class RequestRates {
  private readonly byAddress: Buckets | undefined;
  private readonly byCaller: Buckets | undefined;
  private readonly policy: string;
  /** Who has shown a header `Authorization`, by its digest. */
  private readonly proven = new Recent<string>(MOST_PROVEN);

  constructor(
    @Inject(CONFIG) { http }: Config,
    private readonly addresses: ClientAddresses,
  ) {
    const { rate } = http.limits;
    // Apart, so that a crowd of addresses makes nobody forget what a caller has used.
    this.byAddress = rate && new Buckets(rate);
    this.byCaller = rate && new Buckets(rate);
    this.policy = rate ? `"default";q=${rate.count};w=${Math.ceil(rate.periodMs / 1000)}` : '';
  }

  /** Counts a request that has just arrived. @throws DomainError rate_limited */
  arrive(request: Counted, reply: FastifyReply): void {
    if (!this.byAddress || !this.byCaller) return;
    const address = this.addresses.of(request);
    const caller = this.proven.size > 0 ? this.proven.get(digestOf(request)) : undefined;
    request[CHARGE] = { address, caller };
    this.admit(caller === undefined ? this.byAddress.take(address) : this.byCaller.take(caller), reply);
  }

  /** The request turned out to be this caller's. @throws DomainError rate_limited */
  identified(request: Counted, reply: FastifyReply, caller: string): void {
    const charge = request[CHARGE];
    if (!charge || charge.caller === caller) return;
    if (charge.caller === undefined) this.byAddress?.giveBack(charge.address);
    charge.caller = caller;
    this.proven.set(digestOf(request), caller);
    if (this.byCaller) this.admit(this.byCaller.take(caller), reply);
  }

  /** Nobody we know has sent the request: the key may be revoked, and then whoever has it is a stranger. */
  refused(request: Counted): void {
    const charge = request[CHARGE];
    if (!charge) return;
    this.proven.delete(digestOf(request));
    if (charge.caller !== undefined) this.byAddress?.take(charge.address);
  }

  private admit({ isWithin, remaining, resetMs }: Level, reply: FastifyReply): void {
    const seconds = Math.max(1, Math.ceil(resetMs / 1000));
    void reply
      .header('RateLimit-Policy', this.policy)
      .header('RateLimit', `"default";r=${remaining};t=${seconds}`);
    if (isWithin) return;
    throw new DomainError(
      'rate_limited',
      `More requests have come from you than HTTP_RATE_LIMIT allows: send the next one in ${seconds} s, and many jobs in one POST /jobs/batch`,
      { retryAfterSeconds: seconds },
    );
  }
}

/** What a caller shows is kept nowhere. */
function digestOf({ headers }: FastifyRequest): string {
  return headers.authorization === undefined ? '' : hash('sha256', headers.authorization, 'base64');
}
