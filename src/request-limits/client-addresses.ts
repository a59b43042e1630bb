import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.js';
import { Networks, networkOf, plainAddress } from './networks.js';

/** Tells where requests come from. */
@Injectable()
export class ClientAddresses {
  private readonly proxies: Networks | undefined;

  constructor(@Inject(CONFIG) { http }: Config) {
    const { trustedProxies } = http.limits;
    this.proxies = trustedProxies.length > 0 ? new Networks(trustedProxies) : undefined;
  }

  /** The network (of IPv6) or address of whoever sent a request to us, or to the first of the proxies that we trust. */
  of({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): string {
    const peer = plainAddress(socket.remoteAddress ?? '') ?? 'unknown';
    if (!this.isProxy(peer)) return networkOf(peer);
    return networkOf(this.beyond(peer, headers['x-forwarded-for']));
  }

  /** Whether an address is that of a proxy that we trust. */
  isProxy(address: string): boolean {
    return address !== 'unknown' && this.proxies?.holds(address) === true;
  }

  /** Each proxy adds who called it at the end; what stands before the first stranger is only that one's word. */
  private beyond(peer: string, header: string | string[] | undefined): string {
    let last = peer;
    for (const part of [header ?? []].flat().join().split(',').reverse()) {
      const address = plainAddress(part.trim());
      if (address === undefined) return last;
      if (!this.isProxy(address)) return address;
      last = address;
    }
    return last;
  }
}
