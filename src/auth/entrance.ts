import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/index.js';
import { ClientAddresses, RequestRates } from '../request-limits/index.js';
import { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';

/** Finds out who has sent a request, once, and counts it. */
@Injectable()
export class Entrance {
  /** Of those whose bodies are large. */
  private readonly known = new WeakMap<FastifyRequest, Promise<Caller>>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly rates: RequestRates,
    private readonly addresses: ClientAddresses,
  ) {}

  /** @throws DomainError unauthenticated, rate_limited; secrets_key_unavailable, database_unavailable when nobody can tell */
  callerOf(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    return this.known.get(request) ?? this.identify(request, reply);
  }

  /** The same before the body is read; it is not found out again. */
  async meet(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const caller = this.identify(request, reply);
    this.known.set(request, caller);
    await caller;
  }

  /** The same as it is by now: a key may have been revoked, and a token may have expired. */
  callerNow({ headers }: FastifyRequest): Promise<Caller> {
    return this.authenticator.identify(headers.authorization);
  }

  /** Where everybody may call, clients are told by their addresses. */
  addressOf(request: FastifyRequest): string {
    return this.addresses.of(request);
  }

  private async identify(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    try {
      const caller = await this.authenticator.identify(request.headers.authorization);
      this.rates.identified(request, reply, caller.name);
      return caller;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthenticated') this.rates.refused(request);
      throw error;
    }
  }
}
