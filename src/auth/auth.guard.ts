import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { noteAddress, noteCaller } from './caller.js';
import { Entrance } from './entrance.js';
import { ACCESS, type Access } from './requires.js';
import type { Grants } from './scopes.js';

/** A route that does not say who may use it is for administrators only. */
const UNNAMED: Access = { scope: 'admin', byQueue: false };

/** Lets nobody do what they may not, unless the API is open to everybody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly entrance: Entrance,
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (this.config.http.authMode === 'open') {
      noteAddress(() => this.entrance.addressOf(request));
      return true;
    }
    const marked = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, marked) ?? UNNAMED;
    if (access === 'public') return true;
    const caller = await this.entrance.callerOf(request, http.getResponse<FastifyReply>());
    refuseWithout(access, caller.grants);
    noteCaller(caller, access.scope, async () => {
      refuseWithout(access, (await this.entrance.callerNow(request)).grants);
    });
    return true;
  }
}

function refuseWithout({ scope, byQueue }: Exclude<Access, 'public'>, grants: Grants): void {
  if (grants.holdsEverywhere(scope)) return;
  if (!grants.holdsSomewhere(scope)) {
    throw new DomainError(
      'forbidden',
      `This needs the scope ${scope}, which this API key or token does not have`,
    );
  }
  if (byQueue) return;
  throw new DomainError(
    'forbidden',
    `This is not about a single queue, so it needs the scope ${scope} in every queue: this API key or token has it in some only`,
  );
}
